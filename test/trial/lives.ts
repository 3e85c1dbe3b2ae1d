import * as fc from 'fast-check';
import { evenRhythm } from '../../src/core/rhythm.ts';
import type { Hub } from '../../src/core/hub.ts';
import type { Run } from '../../src/core/run.ts';
import type { Entry } from '../../src/trial/ledger.ts';
import { World, type WorldSettings } from '../../src/trial/world.ts';
import { aFailedRun, aRun, anErroredRun } from '../build/run.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { hub } from '../core/hub.ts';

export const START_MS = Date.UTC(2026, 2, 1, 10, 0);
const MINUTE = 60_000;
const RUN_MS = 30_000;

/** Three hubs of which two share a cluster. */
export const HUBS: readonly Hub[] = [
  hub({ name: 'a', cluster: 'gke-1' }),
  hub({ name: 'b', cluster: 'gke-1' }),
  hub({ name: 'c', cluster: 'gke-2' }),
];

export function settings(change: Partial<WorldSettings> = {}): WorldSettings {
  return {
    hubs: HUBS.map((each) => ({ hub: each, ...evenRhythm(10 * MINUTE), provenAccounts: ['probe'] })),
    criteria: CRITERIA_IN_TESTS,
    maintenance: [],
    reachable: () => null,
    ...change,
  };
}

/** `P`assed, failed to `L`og in, failed to start a `S`erver, `E`rrored; c before it for a confirming run. */
export function aRunOf(hubName: string, token: string, startedMs: number): Run {
  const id = `RUN${String(startedMs).padStart(15, '0')}${hubName}`;
  const finishedAt = new Date(startedMs + RUN_MS).toISOString();
  const head = {
    id,
    hub: hubName,
    trigger: token.startsWith('c') ? ('confirm' as const) : ('schedule' as const),
    account: 'probe',
    startedAt: new Date(startedMs).toISOString(),
    finishedAt,
  };
  const criteria = { login: 'passed', server: 'passed' } as const;
  switch (token.at(-1)) {
    case 'P':
      return aRun({ ...head, criteria });
    case 'L':
      return aFailedRun('login', 'hub-down', { ...head, criteria: { login: 'failed', server: 'unknown' } });
    case 'S':
      return aFailedRun('server', 'spawn-failed', { ...head, criteria: { ...criteria, server: 'failed' } });
    case 'E':
      return anErroredRun('browser-crashed', {
        ...head,
        criteria: { login: 'unknown', server: 'unknown' },
      });
    default:
      throw new Error(`"${token}" is not a run`);
  }
}

/** A life in which something is declared: a hub fails, its confirmations too, and all are well again. */
export const DECLARED_LIFE: readonly Run[] = [
  aRunOf('a', 'P', START_MS),
  aRunOf('a', 'S', START_MS + 10 * MINUTE),
  aRunOf('a', 'cS', START_MS + 12 * MINUTE),
  aRunOf('a', 'cS', START_MS + 14 * MINUTE),
  ...[20, 30, 40, 50].map((minute) => aRunOf('a', 'P', START_MS + minute * MINUTE)),
];

/** Random lives of the three hubs: each has good and bad times, and now and then nothing is heard of it for long. */
export function lives(runsPerHub: number): fc.Arbitrary<readonly Run[]> {
  const good = fc.constantFrom('P', 'P', 'P', 'P', 'P', 'P', 'cP', 'S', 'E');
  const bad = fc.constantFrom('S', 'S', 'cS', 'cS', 'L', 'cL', 'P', 'E', 'cE');
  const gap = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(25, 45, 300) },
  );
  const stretch = fc
    .constantFrom(good, good, bad)
    .chain((token) => fc.array(fc.record({ token, gap }), { minLength: 1, maxLength: 8 }));
  const life = fc
    .array(stretch, { maxLength: runsPerHub / 4 })
    .map((stretches) => stretches.flat().slice(0, runsPerHub));
  return fc.tuple(life, life, life).map((all) =>
    all
      .flatMap((steps, index) => {
        let atMs = START_MS + index * 7_000;
        return steps.map(({ token, gap }) => aRunOf(HUBS[index]?.name ?? '', token, (atMs += gap * MINUTE)));
      })
      .toSorted((one, other) => (one.finishedAt < other.finishedAt ? -1 : 1)),
  );
}

/** Every run and every whole minute, in the order of time, as the monitor meets them. */
export function* moments(
  runs: readonly Run[],
  lookAgainAtMs: () => number | null,
  minutesAfter = 40,
): Generator<{ readonly run: Run | null; readonly atMs: number }> {
  let tickMs = START_MS;
  function* until(endMs: number) {
    for (;;) {
      const nextMs = Math.min(tickMs, lookAgainAtMs() ?? Infinity);
      if (nextMs > endMs) return;
      yield { run: null, atMs: nextMs };
      if (nextMs === tickMs) tickMs += MINUTE;
    }
  }
  for (const run of runs) {
    const atMs = Date.parse(run.finishedAt);
    yield* until(atMs);
    yield { run, atMs };
  }
  yield* until(tickMs + minutesAfter * MINUTE);
}

export function lived(runs: readonly Run[], change: Partial<WorldSettings> = {}): World {
  const world = new World(settings(change));
  for (const { run, atMs } of moments(runs, () => world.lookAgainAtMs)) {
    if (run === null) world.tick(atMs);
    else world.ended(run, atMs);
  }
  return world;
}

/** Logs with the incidents' ids made comparable. */
export function outline(entries: readonly Entry[]): unknown {
  const ids = entries.map(({ incident }) => incident.id);
  const text = JSON.stringify(
    entries.map(({ incident, events }) => ({ incident, events: events.map((event) => ({ ...event })) })),
  );
  return JSON.parse(ids.reduce((all, id, index) => all.replaceAll(id, `incident ${index + 1}`), text));
}
