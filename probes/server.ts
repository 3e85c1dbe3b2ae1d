import { defineProbe } from '../src/probe.ts';
import { LOOK_WITHIN_MS, startKernel } from '../src/jupyterhub/kernel.ts';
import { PageTrouble } from '../src/jupyterhub/page-trouble.ts';
import { openInterface } from '../src/jupyterhub/server.ts';
import { askForServer, clearLeftover, waitUntilReady } from '../src/jupyterhub/spawn.ts';
import { computeProduct } from '../src/jupyterhub/statement.ts';

const ASK = 'ask for a server';
const WAIT = 'wait until it is ready';
const OPEN = 'open JupyterLab';
const RUN = 'run code and compare the answer';

/** Users can start a server. */
export const server = defineProbe({
  criterion: 'server',
  needs: ['login'],
  steps: () => [ASK, WAIT, OPEN, RUN],

  async run({ hub, page, watch, found, own, step }) {
    const session = found.session;
    if (session === undefined) throw new Error('the server probe needs a session');
    const { api, user } = session;
    const { startTimeoutMs, slowAfterMs, interfaceTimeoutMs, kernelTimeoutMs } = hub.server;
    const mark = watch.mark();
    const trouble = new PageTrouble(page);

    await step(
      ASK,
      {
        withinMs: 2 * hub.answerTimeoutMs,
        late: { reason: 'hub-timeout', message: 'the hub did not answer the wish for a server' },
      },
      async ({ signal }) => {
        await clearLeftover(session, hub.server.name, hub.answerTimeoutMs, signal);
        own('server', hub.server.name, async (cleanup) => {
          // An open pending page or interface would go on asking for the server that is being stopped.
          await page.goto('about:blank', { timeout: 5_000 }).catch(() => {});
          await api.stopServer(user, hub.server.name, cleanup);
        });
        await askForServer(page, watch, session, hub.server, signal);
      },
    );

    const path = await step(
      WAIT,
      {
        withinMs: startTimeoutMs,
        late: {
          reason: 'spawn-timeout',
          message: 'the hub was still starting the server, which was not ready',
        },
        slowAfterMs,
      },
      ({ signal, note }) =>
        waitUntilReady(session, { name: hub.server.name, patienceMs: hub.answerTimeoutMs }, signal, note),
    );
    const url = new URL(path, session.hubRoot).href;

    await step(
      OPEN,
      {
        // What is late is told apart inside; this is for a page that does not even say that.
        withinMs: interfaceTimeoutMs + 2 * LOOK_WITHIN_MS,
        late: { reason: 'interface-broken', message: 'JupyterLab did not come up', attribution: 'image' },
      },
      ({ signal }) =>
        openInterface(page, watch, trouble, {
          url,
          hubRoot: session.hubRoot,
          mark,
          withinMs: interfaceTimeoutMs,
          signal,
        }),
    );

    found.server = await step(
      RUN,
      {
        // The kernel has its limit for starting and again for answering.
        withinMs: 2 * (kernelTimeoutMs + LOOK_WITHIN_MS),
        late: { reason: 'kernel-timeout', message: 'no answer from a kernel' },
      },
      async () => {
        const { kernel: name } = hub.server;
        const kernel = await startKernel(page, { serverUrl: url, name, withinMs: kernelTimeoutMs });
        own('kernel', kernel.id, () => kernel.stop());
        await computeProduct(kernel, kernelTimeoutMs);
        return { url, kernel };
      },
    );
  },
});
