import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import { type SpawnBudget, givesBack, reachOf, spawnBudget } from '../core/spawn-budget.ts';
import type { Store } from '../store/store.ts';

/** On a hub that works there is one among these that says so. */
const LOOKED_AT_FIRST = 50;

/** How many failing starts a hub may still be given; all entries of the configuration that visit one hub share them. */
export type SpawnBudgets = (hub: Hub) => Promise<SpawnBudget>;

/** @throws what the store throws */
export function spawnBudgets(store: Pick<Store, 'recentRuns'>, hubs: readonly Hub[]): SpawnBudgets {
  return async (hub) => {
    const { failureLimit } = hub.server;
    const entries = hubs.filter(({ url }) => url === hub.url);
    const runs = await Promise.all(
      entries.map(({ name, probes }) =>
        runsThatCount(store, name, probes.includes('server') ? failureLimit : 0),
      ),
    );
    const newestFirst = runs.flat().toSorted((one, other) => (one.id < other.id ? 1 : -1));
    return spawnBudget(newestFirst, failureLimit);
  };
}

/** Newest first. While starts are rationed there are many runs without one: a count of runs would forget the failures. */
async function runsThatCount(
  store: Pick<Store, 'recentRuns'>,
  hub: string,
  limit: number,
): Promise<readonly Run[]> {
  for (let count = LOOKED_AT_FIRST; ; count *= 4) {
    const runs = await store.recentRuns(hub, count);
    const isEnough = runs.some(givesBack) || spawnBudget(runs, limit).failures >= limit - 1;
    if (isEnough || runs.length < count || spanOf(runs) > reachOf(limit)) return runs;
  }
}

function spanOf(runs: readonly Run[]): number {
  const [newest, oldest] = [runs.at(0), runs.at(-1)];
  return newest === undefined || oldest === undefined
    ? 0
    : Date.parse(newest.startedAt) - Date.parse(oldest.startedAt);
}
