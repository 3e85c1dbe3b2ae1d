import type { Hub } from '../core/hub.ts';
import { type SpawnBudget, spawnBudget } from '../core/spawn-budget.ts';
import type { Store } from '../store/store.ts';

const RUNS_LOOKED_AT = 200;

/** How many failing starts a hub may still be given; all entries of the configuration that visit one hub share them. */
export type SpawnBudgets = (hub: Hub) => Promise<SpawnBudget>;

/** @throws what the store throws */
export function spawnBudgets(store: Pick<Store, 'recentRuns'>, hubs: readonly Hub[]): SpawnBudgets {
  return async (hub) => {
    const entries = hubs.filter(({ url }) => url === hub.url);
    const runs = await Promise.all(entries.map(({ name }) => store.recentRuns(name, RUNS_LOOKED_AT)));
    const newestFirst = runs.flat().toSorted((one, other) => (one.id < other.id ? 1 : -1));
    return spawnBudget(newestFirst, hub.server.failureLimit);
  };
}
