import { HUBS_OWN_LOGIN_PAGE } from '../../src/core/hub.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import { type DaskSettings, type Hub, type ServerSettings, accountOf } from '../../src/core/hub.ts';
import type { RunEvent } from '../../src/core/run-event.ts';
import type { Run, Trigger } from '../../src/core/run.ts';
import type { Runner } from '../../src/runner/runner.ts';
import { createSupervisor } from '../../src/runner/supervisor.ts';
import type { Testbed } from '../testbed/testbed.ts';

export interface CheckedRun extends AsyncDisposable {
  readonly run: Run;
  readonly events: readonly RunEvent[];
  /** Holds the run's evidence until disposed. */
  readonly evidenceFolder: string;
  /** Where runs keep their temporary files; empty once they have ended. */
  readonly runsFolder: string;
}

export interface CheckChanges {
  readonly probes?: readonly Criterion[];
  readonly hub?: Partial<Hub>;
  readonly password?: string;
  readonly memoryPerRunBytes?: number;
  readonly browser?: string;
  readonly reachability?: readonly string[];
  readonly trigger?: Trigger;
  readonly onLog?: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Options of the worker's Node. */
  readonly nodeOptions?: readonly string[];
  readonly silentForMs?: number;
  /** In place of folders of their own. */
  readonly runsFolder?: string;
  readonly evidenceFolder?: string;
  /** What the configuration's secret says in place of a password. */
  readonly credentialError?: Error;
  readonly now?: () => Date;
  readonly onEvent?: (event: RunEvent, order: { readonly id: string }) => void;
}

/** Limits that a machine with much to do does not reach; rows that wait one out give a shorter one. */
export const SERVER: ServerSettings = {
  profile: null,
  profileOptions: {},
  form: [],
  query: {},
  name: '',
  kernel: 'python3',
  startTimeoutMs: 90_000,
  failureLimit: 0,
  slowAfterMs: 90_000,
  interfaceTimeoutMs: 60_000,
  kernelTimeoutMs: 60_000,
};
export const DASK: DaskSettings = {
  workers: 1,
  clusterOptions: {},
  startTimeoutMs: 30_000,
  workerTimeoutMs: 60_000,
  requestTimeoutMs: 30_000,
  computeTimeoutMs: 60_000,
};

/** A hub of the testbed as a configuration would describe it, with limits short enough for tests. */
export function hubOf(testbed: Pick<Testbed, 'hubUrl'>, user: string, changes: Partial<Hub> = {}): Hub {
  return {
    name: 'testbed',
    url: testbed.hubUrl,
    cluster: null,
    identityProvider: null,
    canary: false,
    tier: 'production',
    login: {
      kind: 'password',
      username: user,
      password: { env: 'PASSWORD' },
      selectors: HUBS_OWN_LOGIN_PAGE,
      steps: [],
    },
    secondAccount: null,
    probes: CRITERIA,
    schedule: '*/10 * * * *',
    jitterMs: 0,
    maxLoginsPerHour: null,
    deadlineMs: 120_000,
    answerTimeoutMs: 60_000,
    tls: { ca: null },
    cleanupTimeoutMs: 20_000,
    server: SERVER,
    dask: DASK,
    ...changes,
  };
}

/** The real supervisor; `folder` holds all that its runs make. */
export function runnerOf(testbed: Testbed, folder: string, changes: CheckChanges = {}): Runner {
  return createSupervisor({
    ...foldersIn(folder, changes),
    browser: { executable: changes.browser ?? null, sandbox: 'auto' },
    reachability: changes.reachability ?? [],
    memoryPerRunBytes: changes.memoryPerRunBytes ?? 2 ** 30,
    ...(changes.silentForMs === undefined ? {} : { silentForMs: changes.silentForMs }),
    nodeOptions: changes.nodeOptions ?? [],
    async credentialFor({ username }) {
      if (changes.credentialError !== undefined) throw changes.credentialError;
      return { username, password: changes.password ?? testbed.password };
    },
    now: changes.now ?? (() => new Date()),
    log: (_, text) => changes.onLog?.(text),
  });
}

function foldersIn(
  folder: string,
  { evidenceFolder = join(folder, 'evidence'), runsFolder = join(folder, 'runs') }: CheckChanges,
) {
  return { evidenceFolder, runsFolder };
}

/** One run with the real supervisor, worker and browser. */
export async function checkHub(
  testbed: Testbed,
  user: string,
  changes: CheckChanges = {},
): Promise<CheckedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'check-'));
  const { evidenceFolder, runsFolder } = foldersIn(folder, changes);
  const events: RunEvent[] = [];
  const runner = runnerOf(testbed, folder, changes);
  const hub = hubOf(testbed, user, changes.hub);
  const order = {
    id: ulid(),
    hub,
    account: accountOf(hub),
    trigger: changes.trigger ?? 'demand',
    attempt: 1,
    probes: changes.probes ?? hub.probes,
  } as const;
  const run = await runner(order, changes.signal ?? new AbortController().signal, (event) => {
    events.push(event);
    changes.onEvent?.(event, order);
  });
  return {
    run,
    events,
    evidenceFolder: join(evidenceFolder, order.id),
    runsFolder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
