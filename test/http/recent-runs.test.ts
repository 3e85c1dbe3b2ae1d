import { describe, expect, it } from 'vitest';
import { createRecentRuns } from '../../src/http/recent-runs.ts';
import { aRun } from '../build/run.ts';
import { aWorld, nothing } from './world.ts';

describe('recent runs', () => {
  it('are read again when there is a newer one, and only then', async () => {
    await using world = await aWorld({});
    const { store } = world;
    const asked: number[] = [];
    const lately = createRecentRuns({
      async recentRuns(hub, limit) {
        asked.push(limit);
        return store.recentRuns(hub, limit);
      },
    });
    const first = aRun();
    const second = aRun({ startedAt: '2026-11-24T09:10:00.000Z' });

    await store.commit({ ...nothing, run: first });
    await lately('staging', 60);
    expect(await lately('staging', 60)).toEqual([first]);
    expect(asked).toEqual([1, 60, 1]);

    await store.commit({ ...nothing, run: second });
    expect(await lately('staging', 60)).toEqual([second, first]);
  });

  it('of a hub that never ran are none', async () => {
    await using world = await aWorld({});

    expect(await createRecentRuns(world.store)('staging', 60)).toEqual([]);
  });
});
