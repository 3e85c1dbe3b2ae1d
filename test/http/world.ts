import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { monotonicFactory } from 'ulid';
import { CRITERIA } from '../../src/core/criterion.ts';
import { type Hub, HUBS_OWN_LOGIN_PAGE } from '../../src/core/hub.ts';
import { buildApp } from '../../src/http/app.ts';
import type { AppDeps } from '../../src/http/deps.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import type { Execute } from '../../src/queue/queue.ts';
import { openStore } from '../../src/store/index.ts';

export function aHub(name: string, changes: Partial<Hub> = {}): Hub {
  return {
    name,
    url: `https://${name}.example.org/`,
    cluster: null,
    identityProvider: null,
    canary: false,
    tier: 'production',
    secondAccount: null,
    login: {
      kind: 'password',
      username: 'canary',
      password: { env: 'X' },
      selectors: HUBS_OWN_LOGIN_PAGE,
      steps: [],
    },
    probes: CRITERIA,
    schedule: '*/10 * * * *',
    jitterMs: 0,
    maxLoginsPerHour: null,
    deadlineMs: 900_000,
    answerTimeoutMs: 60_000,
    tls: { ca: null },
    cleanupTimeoutMs: 120_000,
    server: {
      profile: null,
      profileOptions: {},
      form: [],
      query: {},
      name: '',
      kernel: 'python3',
      startTimeoutMs: 1,
      failureLimit: 0,
      slowAfterMs: 1,
      interfaceTimeoutMs: 1,
      kernelTimeoutMs: 1,
    },
    dask: {
      workers: 1,
      clusterOptions: {},
      startTimeoutMs: 1,
      workerTimeoutMs: 1,
      requestTimeoutMs: 1,
      computeTimeoutMs: 1,
    },
    ...changes,
  };
}

export const NOW = new Date('2026-11-24T12:00:00Z');

/** Asked from this machine. */
export const local = { host: 'localhost' };

/** A commit that says nothing; tests add what matters to them. */
export const nothing = { run: null, verdicts: [], incidents: [], events: [], effects: [], proven: null };

/** The HTTP side over a real store and a real queue; only the runs are the test's. */
export async function aWorld(options: {
  readonly hubs?: readonly Hub[];
  readonly execute?: Execute;
  readonly tokens?: AppDeps['tokens'];
  readonly health?: AppDeps['health'];
}) {
  const folder = await mkdtemp(join(tmpdir(), 'http-'));
  const store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  const hubs = options.hubs ?? [aHub('staging'), aHub('research')];
  const now = () => NOW;
  const newId = monotonicFactory();
  const queue = createInProcessQueue({
    concurrency: 2,
    execute: options.execute ?? (() => new Promise(() => {})),
    now,
    newId,
  });
  const metrics = createMetrics({
    hubs,
    store,
    flights: () => queue.flights(),
    intervalMs: () => 600_000,
    now,
    version: '1.2.3',
  });
  const app = await buildApp({
    hubs,
    tokens: options.tokens ?? (async () => []),
    store,
    queue,
    alarms: () => [],
    nextRun: () => new Date(NOW.getTime() + 240_000),
    metrics,
    health: options.health ?? {
      live: async () => [{ name: 'process', ok: true }],
      ready: async () => [{ name: 'store', ok: true }],
    },
    evidenceFolder: folder,
    log: pino({ level: 'silent' }),
    now,
    newId,
    version: '1.2.3',
  });
  return {
    app,
    store,
    queue,
    metrics,
    folder,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
