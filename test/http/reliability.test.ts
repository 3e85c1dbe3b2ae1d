import { describe, expect, it } from 'vitest';
import { createReliability } from '../../src/http/reliability.ts';
import { aFailedRun, aRun, anErroredRun } from '../build/run.ts';
import { NOW, aHub, aWorld, nothing } from './world.ts';

const hub = aHub('staging');
const at = (startedAt: string) => ({ startedAt, finishedAt: startedAt });

async function aHistory(...runs: readonly ReturnType<typeof aRun>[]) {
  const world = await aWorld({ hubs: [hub] });
  for (const run of runs) await world.store.commit({ ...nothing, run });
  return world;
}

describe('reliability per criterion and month', () => {
  it('counts what scheduled runs found, by the month they started in', async () => {
    await using world = await aHistory(
      aRun(at('2026-08-31T23:59:59.000Z')),
      aRun(at('2026-10-31T23:59:59.000Z')),
      aRun(at('2026-11-01T00:00:00.000Z')),
      aFailedRun('server', 'spawn-failed', at('2026-11-02T00:00:00.000Z')),
    );

    expect(await createReliability(world.store)(hub, NOW)).toEqual([
      { month: '2026-11', criterion: 'login', passed: 2, tried: 2 },
      { month: '2026-11', criterion: 'server', passed: 1, tried: 2 },
      { month: '2026-11', criterion: 'dask', passed: 1, tried: 1 },
      { month: '2026-10', criterion: 'login', passed: 1, tried: 1 },
      { month: '2026-10', criterion: 'server', passed: 1, tried: 1 },
      { month: '2026-10', criterion: 'dask', passed: 1, tried: 1 },
    ]);
  });

  it.each([
    ['confirms a failure', aFailedRun('login', 'hub-down', { trigger: 'confirm' })],
    ['was asked for', aFailedRun('login', 'hub-down', { trigger: 'demand' })],
    ['ended by our own fault', anErroredRun('browser-crashed', { criteria: { login: 'passed' } })],
    ['used an account that never worked', aFailedRun('login', 'login-rejected')],
  ])('says nothing of a run that %s', async (_, run) => {
    await using world = await aHistory(run);

    expect(await createReliability(world.store)(hub, NOW)).toEqual([]);
  });

  it('goes back through all of a long history, and then reads only what is new', async () => {
    const minute = (index: number) => at(new Date(NOW.getTime() - (500 - index) * 60_000).toISOString());
    await using world = await aHistory(...Array.from({ length: 450 }, (_, index) => aRun(minute(index))));
    const { store } = world;
    let read = 0;
    const reliability = createReliability({
      credentialProven: store.credentialProven,
      async runs(query) {
        read += 1;
        return store.runs(query);
      },
    });
    const logins = async () =>
      (await reliability(hub, NOW)).find(({ criterion }) => criterion === 'login')?.tried;

    expect(await Promise.all([logins(), logins()])).toEqual([450, 450]);
    read = 0;
    await store.commit({ ...nothing, run: aRun(minute(460)) });

    expect(await Promise.all([logins(), logins()])).toEqual([451, 451]);
    expect(read).toBe(2);
  });
});
