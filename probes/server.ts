import { defineProbe } from '../src/probe.ts';
import { Broken } from '../src/core/broken.ts';
import { startKernel } from '../src/jupyterhub/kernel.ts';
import { openInterface } from '../src/jupyterhub/server.ts';
import { askForServer, clearLeftover, waitUntilReady } from '../src/jupyterhub/spawn.ts';
import { productInPython } from '../src/jupyterhub/statement.ts';

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
    const mark = watch.mark();

    await step(
      ASK,
      {
        withinMs: 120_000,
        late: { reason: 'hub-timeout', message: 'the hub did not answer the wish for a server' },
      },
      async ({ signal }) => {
        await clearLeftover(session, hub.server.name, signal);
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
        withinMs: hub.server.startTimeoutMs,
        late: { reason: 'spawn-timeout', message: 'the server was not ready' },
        slowAfterMs: hub.server.slowAfterMs,
      },
      ({ signal, note }) => waitUntilReady(session, hub.server.name, signal, note),
    );
    const url = new URL(path, session.hubRoot).href;

    await step(
      OPEN,
      {
        withinMs: 90_000,
        late: { reason: 'interface-broken', message: 'JupyterLab did not come up', attribution: 'image' },
      },
      ({ signal }) => openInterface(page, watch, { url, mark, signal }),
    );

    found.server = await step(
      RUN,
      { withinMs: 90_000, late: { reason: 'kernel-timeout', message: 'no answer from a kernel' } },
      async () => {
        const kernel = await startKernel(page, { serverUrl: url, name: hub.server.kernel });
        own('kernel', kernel.id, () => kernel.stop());
        const { code, expected } = productInPython();
        const answer = (await kernel.execute(code, 60_000)).trim();
        if (answer !== expected) {
          throw new Broken(
            'wrong-result',
            `the kernel was asked for ${code} and answered "${answer}", not ${expected}`,
          );
        }
        return { url, kernel };
      },
    );
  },
});
