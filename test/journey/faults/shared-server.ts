import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import type { Run } from '../../../src/core/run.ts';
import { accountOf } from '../../../src/core/hub.ts';
import { startKernel } from '../../../src/jupyterhub/kernel.ts';
import { PageWatch } from '../../../src/jupyterhub/page-watch.ts';
import type { Found } from '../../../src/probe.ts';
import { emptyLedger, enter, recordOf } from '../../../src/runner/ledger.ts';
import type { Assignment, Message } from '../../../src/runner/protocol.ts';
import { Belongings } from '../../../src/worker/belongings.ts';
import { launchBrowser } from '../../../src/worker/browser.ts';
import { travel } from '../../../src/worker/journey.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { type CheckChanges, hubOf } from '../check-hub.ts';

/** A canary user with a running server, so that the rows about dask do not each wait for one. */
export interface SharedServer extends AsyncDisposable {
  /** The dask probe as a run makes it, in a kernel of its own, with its cleanup. */
  tryDask(changes: CheckChanges): Promise<DaskTry>;
}

export interface DaskTry {
  readonly run: Run;
  /** `performance.now()` when a step had failed; null when all passed. */
  readonly verdictAt: number | null;
}

export async function openSharedServer(testbed: Testbed): Promise<SharedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-'));
  const browser = await launchBrowser({ executable: null, sandbox: 'auto' }, []);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  const watch = new PageWatch(page);
  const own = new Belongings();
  const found: Found = {};
  const tools = {
    page,
    watch,
    signal: new AbortController().signal,
    log: () => {},
    gatewaySaid: () => {},
  };
  const order = {
    id: ulid(),
    hub: hubOf(testbed, 'canary'),
    trigger: 'demand',
    attempt: 1,
    probes: ['dask'],
  } as const;
  const assignment: Assignment = {
    ...order,
    probes: ['login', 'server'],
    credential: { username: 'canary', password: testbed.password },
    browser: { executable: null, sandbox: 'auto' },
    folder,
    evidenceFolder: folder,
    trace: false,
    reachability: [],
    sweep: null,
    askIfRestarted: false,
  };
  const opened = await travel(assignment, { ...tools, belongings: own, report: () => {} }, found);
  const { server } = found;
  if (server === undefined) throw new Error(`the shared server did not come up: ${JSON.stringify(opened)}`);

  return {
    async tryDask(changes) {
      const hub = { ...order.hub, ...changes.hub };
      const startedAt = new Date();
      const started = performance.now();
      let ledger = emptyLedger;
      let verdictAt: number | null = null;
      const report = (message: Message) => {
        if (message.kind === 'step-finished' && message.step.status === 'failed')
          verdictAt ??= performance.now();
        ledger = enter(ledger, message);
      };
      const kernel = await startKernel(page, { serverUrl: server.url, name: 'python3', withinMs: 60_000 });
      const belongings = new Belongings();
      const ending = await travel(
        { ...assignment, hub, probes: ['dask'] },
        { ...tools, belongings, report },
        { ...found, server: { url: server.url, kernel } },
      );
      const durationSeconds = (performance.now() - started) / 1000;
      await kernel.stop();
      await belongings.removeAll({
        withinMs: 30_000,
        onRemoved: (thing) => report({ kind: 'removed', thing }),
      });
      const run = recordOf({
        order: { ...order, hub, account: accountOf(hub) },
        ledger,
        ending,
        startedAt,
        finishedAt: new Date(),
        durationSeconds,
        cleanupSeconds: null,
      });
      return { run, verdictAt };
    },
    async [Symbol.asyncDispose]() {
      await own.removeAll({ withinMs: 30_000, onRemoved: () => {} });
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
