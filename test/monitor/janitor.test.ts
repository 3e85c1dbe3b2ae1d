import { describe, expect, it } from 'vitest';
import type { Leftover } from '../../src/core/leftover.ts';
import type { Owned, Run } from '../../src/core/run.ts';
import { accountKey, createAccounts } from '../../src/monitor/accounts.ts';
import { createJanitor } from '../../src/monitor/janitor.ts';
import type { RunOrder } from '../../src/runner/runner.ts';
import { aRun } from '../build/run.ts';
import { at } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { GO_ON, openWorld } from './world.ts';

const server: Owned = { kind: 'server', id: '' };
const token: Owned = { kind: 'token', id: 'RUN' };

async function aMess(left: readonly Owned[], more: Partial<Run> = {}) {
  const second = { username: 'probe-2', password: { env: 'B' } };
  const hubs = [hub({ secondAccount: second })];
  const { store } = await openWorld();
  const told: string[] = [];
  const orders: RunOrder[] = [];
  const accounts = createAccounts();
  let answer: Partial<Run> = {};
  let nextLogin: Date | null = null;
  let clock = at(10);
  const commit = (run: Run) =>
    store.commit({ run, verdicts: [], incidents: [], events: [], effects: [], proven: null });
  await commit(
    aRun({
      account: 'probe',
      finishedAt: at(0),
      cleanup: { status: 'leaked', left, removed: [], seconds: 1 },
      ...more,
    }),
  );
  const janitor = createJanitor({
    store,
    hubs,
    accounts,
    admission: { enter: async () => ({ kind: 'in', leave() {} }) },
    logins: { note: (_hub, username) => told.push(`login ${username}`), next: () => nextLogin },
    runner: async (order) => {
      orders.push(order);
      return aRun({ ...answer, id: order.id });
    },
    observer: { cleanedUp: (result) => told.push(result), storeError: () => told.push('store error') },
    log: (level, text) => told.push(`${level}: ${text}`),
    now: () => new Date(clock),
    newId: () => `CLEANUP-${orders.length + 1}`,
  });
  return {
    store,
    told,
    orders,
    accounts,
    hub: hubs[0] ?? hub(),
    round: () => janitor.round(GO_ON),
    allowLoginsFrom: (next: Date | null) => void (nextLogin = next),
    setClock: (minute: number) => void (clock = at(minute)),
    /** What the next visits come to. */
    visits(removed: readonly Owned[], stays: readonly (Owned & { why?: string })[] = []) {
      const status = stays.length === 0 ? 'clean' : 'leaked';
      answer = { cleanup: { status, left: stays, removed, seconds: 1 } };
    },
  };
}

const names = (leftovers: readonly Leftover[]) => leftovers.map(({ kind }) => kind).toSorted();

describe('the janitor', () => {
  it('logs in as whoever left something and says what is gone', async () => {
    const world = await aMess([server, token, { kind: 'cluster', id: '' }]);
    world.visits([server, token, { kind: 'cluster', id: '' }]);

    await world.round();

    expect(world.orders).toMatchObject([
      {
        hub: { name: 'staging' },
        account: { username: 'probe' },
        probes: ['login'],
        sweep: { servers: [''], clusters: true },
      },
    ]);
    expect(await world.store.leftovers()).toEqual([]);
    expect(world.told.at(-1)).toBe('gone');
    expect(await world.store.recentRuns('staging', 9)).toHaveLength(1);
  });

  it('uses the second account for what the second account left', async () => {
    const world = await aMess([token], { account: 'probe-2' });
    world.visits([token]);

    await world.round();

    expect(world.orders).toMatchObject([
      { account: { username: 'probe-2' }, sweep: { servers: [], clusters: false } },
    ]);
  });

  it('stops the server of a kernel that is left', async () => {
    const world = await aMess([{ kind: 'kernel', id: 'k' }]);
    world.visits([server]);

    await world.round();

    expect(world.orders[0]?.sweep).toEqual({ servers: [''], clusters: false });
    expect(await world.store.leftovers()).toEqual([]);
  });

  it('tries again until it is gone, with longer and longer pauses, and says why', async () => {
    const world = await aMess([server, token]);
    world.visits([token], [{ ...server, why: 'it did not stop' }]);

    const tries: number[] = [];
    for (let minute = 1; minute <= 120; minute += 0.5) {
      world.setClock(minute);
      const before = world.orders.length;
      await world.round();
      if (world.orders.length > before) tries.push(minute);
    }

    expect(tries).toEqual([1, 2, 4, 8, 16, 32, 62, 92]);
    expect(await world.store.leftovers()).toMatchObject([
      { kind: 'server', attempts: 8, lastError: 'it did not stop' },
    ]);
    expect(world.told).toContain('left');
    expect(world.told.filter((line) => line.startsWith('warn')).at(-1)).toMatch(/: it did not stop$/);

    world.visits([server]);
    world.setClock(200);
    await world.round();
    expect(await world.store.leftovers()).toEqual([]);
  });

  it('says why a visit came to nothing when the visit itself failed', async () => {
    const world = await aMess([server]);
    world.visits([]);

    await world.round();

    expect(await world.store.leftovers()).toMatchObject([{ lastError: 'nobody said why', attempts: 1 }]);
  });

  it('leaves alone what is not due', async () => {
    const world = await aMess([server]);
    world.setClock(0.4);

    await world.round();

    expect(world.orders).toEqual([]);
  });

  it('never goes beside a run of the same account', async () => {
    const world = await aMess([server]);
    world.visits([server]);
    const release = world.accounts.tryTake(accountKey(world.hub, 'probe'));

    await world.round();
    expect(world.orders).toEqual([]);
    release?.();
    await world.round();

    expect(world.orders).toHaveLength(1);
    expect(world.accounts.tryTake(accountKey(world.hub, 'probe'))).not.toBeNull();
  });

  it('keeps to the ceiling of logins, and counts for it', async () => {
    const world = await aMess([server]);
    world.visits([server]);
    world.allowLoginsFrom(new Date(at(60)));

    await world.round();
    expect(world.orders).toEqual([]);
    world.allowLoginsFrom(null);
    await world.round();

    expect(world.told).toContain('login probe');
    expect(world.orders).toHaveLength(1);
  });

  it('says once what nobody can clean up any more, and keeps it on record', async () => {
    const world = await aMess([server], { account: 'somebody-else' });

    await world.round();
    await world.round();

    expect(world.orders).toEqual([]);
    expect(world.told).toEqual([
      'error: left behind on a hub or by an account that is no longer configured: remove it by hand',
    ]);
    expect(names(await world.store.leftovers())).toEqual(['server']);
  });
});
