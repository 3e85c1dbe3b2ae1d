import { setImmediate as breathe } from 'node:timers/promises';
import type { Run } from '../core/run.ts';
import type { Store } from '../store/store.ts';

/** The newest runs of a hub, read from the store only when there is a newer one: records never change. */
export type RecentRuns = (hub: string, limit: number) => Promise<readonly Run[]>;

export function createRecentRuns(store: Pick<Store, 'recentRuns'>): RecentRuns {
  const known = new Map<string, { readonly limit: number; readonly runs: readonly Run[] }>();
  return async (hub, limit) => {
    const [newest] = await store.recentRuns(hub, 1);
    if (newest === undefined) return [];
    const before = known.get(hub);
    if (before !== undefined && before.limit >= limit && before.runs[0]?.id === newest.id) {
      return before.runs.slice(0, limit);
    }
    await breathe();
    const runs = await store.recentRuns(hub, limit);
    known.set(hub, { limit, runs });
    return runs;
  };
}
