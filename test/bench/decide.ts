import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '../../src/core/hub.ts';
import { createMonitor } from '../../src/monitor/monitor.ts';
import { openStore } from '../../src/store/index.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { NOBODY } from '../build/observer.ts';
import { aFailedRun, aRun } from '../build/run.ts';

/**
 * `npm run bench:decide`: what the look at all hubs costs that is taken every minute, and what one more run costs, with as many
 * hubs as the largest operator has: all well, then all broken, over a real store with a day of runs.
 */
const HUBS = 171;
const RUNS = 144;
const START_MS = Date.UTC(2026, 2, 1);
const MINUTE = 60_000;
const TURNS = 10;
const GO_ON = new AbortController().signal;

const hubs: readonly Hub[] = Array.from({ length: HUBS }, (_, index) =>
  hub({ name: `hub-${index}`, cluster: `cluster-${index % 12}` }),
);
const results = [await measured('all well', false), await measured('all broken', true)];
console.table(Object.fromEntries(results));

async function measured(what: string, isBroken: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'decide-'));
  const store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  let nowMs = START_MS;
  let ids = 0;
  const monitor = createMonitor({
    store,
    hubs,
    criteria: CRITERIA_IN_TESTS,
    maintenance: [],
    publicUrl: null,
    labels: [],
    channels: [],
    reachable: async () => true,
    now: () => new Date(nowMs),
    newId: () => `ID${String((ids += 1)).padStart(9, '0')}`,
    observer: NOBODY,
    log() {},
    wakeOutbox() {},
    requestRun: () => true,
    confirmationLimits: { atOnce: 2, atOncePerCluster: 1, spreadMs: 0 },
  });
  const runOf = (name: string, fails: boolean) => {
    const at = {
      startedAt: new Date(nowMs - 30_000).toISOString(),
      finishedAt: new Date(nowMs).toISOString(),
    };
    const head = { id: `RUN${String(nowMs).padStart(15, '0')}${name}`, hub: name, account: 'probe', ...at };
    const criteria = { login: 'passed', server: 'passed' } as const;
    return fails
      ? aFailedRun('server', 'spawn-failed', { ...head, criteria: { ...criteria, server: 'failed' } })
      : aRun({ ...head, criteria });
  };
  const nothing = { verdicts: [], incidents: [], events: [], effects: [], proven: null };
  for (let slot = 0; slot < RUNS; slot += 1) {
    nowMs += 10 * MINUTE;
    for (const { name } of hubs) await store.commit({ ...nothing, run: runOf(name, false) });
  }
  for (let slot = 0; slot < 3; slot += 1) {
    nowMs += 10 * MINUTE;
    for (const { name } of hubs) await monitor.runEnded(runOf(name, isBroken), GO_ON);
  }
  await monitor.evaluate();
  const looks: number[] = [];
  const runs: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    nowMs += MINUTE;
    looks.push(await milliseconds(() => monitor.evaluate()));
    runs.push(await milliseconds(() => monitor.runEnded(runOf('hub-7', isBroken), GO_ON)));
  }
  const incidents = (await store.activeIncidents()).length;
  monitor.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
  return [what, { incidents, 'look at all, ms': median(looks), 'one more run, ms': median(runs) }] as const;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}
