import { describe, expect, it } from 'vitest';
import type { SpawnBudget } from '../../src/core/spawn-budget.ts';
import type { Run } from '../../src/core/run.ts';
import { createAccounts } from '../../src/monitor/accounts.ts';
import { createExecute } from '../../src/monitor/execute.ts';
import type { Flight, RunRequest } from '../../src/queue/queue.ts';
import type { RunOrder } from '../../src/runner/runner.ts';
import type { BegunRun } from '../../src/store/store.ts';
import { at, history } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { GO_ON } from './world.ts';

function flight(change: Partial<RunRequest> = {}): Flight {
  const request = {
    hub: 'staging',
    trigger: 'demand',
    attempt: 1,
    probes: null,
    because: 'a test',
    ...change,
  } as const;
  return { id: 'RUN-1', request, state: 'running', queuedAt: at(0), startedAt: at(0) };
}

function world(
  begin: (begun: BegunRun) => Promise<void> = async () => {},
  budget: Partial<SpawnBudget> = {},
) {
  const happened: string[] = [];
  const orders: RunOrder[] = [];
  const ended: Run[] = [];
  const execute = createExecute({
    store: {
      begin: async (begun) => {
        happened.push(`begin ${begun.id} ${begun.criteria.join('+')}`);
        await begin(begun);
      },
    },
    hubs: [hub({ probes: ['login', 'server', 'dask'] })],
    runner: async (order) => {
      happened.push('run');
      orders.push(order);
      const [run] = history('P');
      if (run === undefined) throw new Error('no run');
      return { ...run, id: order.id };
    },
    accounts: createAccounts(),
    admission: { enter: async () => ({ kind: 'in', leave() {} }) },
    waited() {},
    logins: { note: (_hub, username) => happened.push(`login ${username}`) },
    spawnBudget: async () => ({ failures: 0, pausedUntil: null, failedFor: [], ...budget }),
    runEnded: async (run) => {
      happened.push('record');
      ended.push(run);
    },
    now: () => new Date(at(1)),
    log: (level, text) => happened.push(`${level}: ${text}`),
  });
  return { execute, happened, orders, ended };
}

describe('createExecute', () => {
  it('notes the beginning, runs, records, and only then resolves', async () => {
    const { execute, happened, ended, orders } = world();

    const run = await execute(flight({ trigger: 'confirm', attempt: 2 }), GO_ON, () => {});

    expect(happened).toEqual(['begin RUN-1 login+server+dask', 'login probe', 'run', 'record']);
    expect(orders).toMatchObject([{ id: 'RUN-1', trigger: 'confirm', attempt: 2, hub: { name: 'staging' } }]);
    expect(ended).toEqual([run]);
  });

  it.each<[wanted: RunRequest['probes'], probes: readonly string[]]>([
    [null, ['login', 'server', 'dask']],
    [['login'], ['login']],
    [['server'], ['login', 'server']],
  ])('of %j runs %j', async (wanted, probes) => {
    const { execute, orders } = world();

    await execute(flight({ probes: wanted }), GO_ON, () => {});

    expect(orders[0]?.probes).toEqual(probes);
  });

  it('looks at the hub even when the store is down', async () => {
    const { execute, happened } = world(() => Promise.reject(new Error('full')));

    await execute(flight(), GO_ON, () => {});

    expect(happened.slice(1)).toEqual([
      'warn: could not note that a run begins; it is made all the same',
      'login probe',
      'run',
      'record',
    ]);
  });

  it.each([
    ['schedule', ['login'], 'a pause'],
    ['confirm', ['login'], 'a pause'],
    ['alert', ['login'], 'a pause'],
    ['demand', ['login', 'server', 'dask'], 'a person who wants to see'],
  ] as const)('by %s tries %j: there is %s', async (trigger, probes, _why) => {
    const { execute, orders } = world(undefined, { failures: 3, pausedUntil: at(30) });

    await execute(flight({ trigger }), GO_ON, () => {});

    expect(orders).toMatchObject([{ probes }]);
    expect(orders[0]?.leftOut ?? '').toMatch(
      probes.length === 1 ? /^3 starts in a row of ours failed/ : /^$/,
    );
  });

  it.each<[who: string, failedFor: SpawnBudget['failedFor'], asks: true | undefined]>([
    ['this account', [{ hub: 'staging', account: 'probe' }], true],
    ['another account', [{ hub: 'staging', account: 'probe-2' }], undefined],
    ['another entry', [{ hub: 'staging-large', account: 'probe' }], undefined],
  ])('asks whether the hub forgot a failed start only where it was of %s', async (_who, failedFor, asks) => {
    const { execute, orders } = world(undefined, { failures: 3, pausedUntil: at(30), failedFor });

    await execute(flight({ trigger: 'schedule' }), GO_ON, () => {});

    expect(orders[0]?.askIfRestarted).toBe(asks);
  });

  it('starts servers again once the pause is over', async () => {
    const { execute, orders } = world(undefined, { failures: 3, pausedUntil: at(1) });

    await execute(flight({ trigger: 'schedule' }), GO_ON, () => {});

    expect(orders[0]?.probes).toEqual(['login', 'server', 'dask']);
  });

  it('does not leave a login alone because of failing servers', async () => {
    const { execute, orders } = world(undefined, { failures: 3, pausedUntil: at(30) });

    await execute(flight({ trigger: 'schedule', probes: ['login'] }), GO_ON, () => {});

    expect(orders[0]).not.toHaveProperty('leftOut');
  });

  it('ends a run of an unknown hub in a record, too', async () => {
    const { execute, ended } = world();

    const run = await execute(flight({ hub: 'nowhere' }), GO_ON, () => {});

    expect(run).toMatchObject({
      hub: 'nowhere',
      outcome: 'errored',
      failure: { message: 'nowhere is not configured' },
    });
    expect(ended).toEqual([run]);
  });
});
