import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { spawnBudgets } from '../../src/monitor/spawns.ts';
import { at, history } from '../core/history.ts';
import { hub } from '../core/hub.ts';

const rationed = hub({ server: { ...hub().server, failureLimit: 5 } });

/** A store that holds these runs; each list newest first, as a store gives them. */
function storeOf(runs: Readonly<Record<string, readonly Run[]>>) {
  const asked: number[] = [];
  return {
    asked,
    recentRuns: async (name: string, limit: number) => {
      asked.push(limit);
      return (runs[name] ?? []).slice(0, limit);
    },
  };
}

/** Runs that leave the server out. */
function logins(from: number, to: number, everyMinutes: number, name = 'staging'): readonly Run[] {
  const tokens: string[] = [];
  for (let minute = from; minute < to; minute += everyMinutes) tokens.push(`P@${minute}`);
  return history(tokens.join(' '), 'login', name).map((run) => ({ ...run, criteria: { login: 'passed' } }));
}

function failed(minutes: readonly number[], name = 'staging'): readonly Run[] {
  return history(minutes.map((minute) => `F:spawn-failed@${minute}`).join(' '), 'server', name);
}

describe('spawnBudgets', () => {
  it('forgets no failed start for all the runs without one that came after, as often as they are', async () => {
    const store = storeOf({ staging: [...logins(41, 700, 1), ...failed([0, 1, 3, 40])] });

    expect(await spawnBudgets(store, [rationed])(rationed)).toMatchObject({
      failures: 4,
      pausedUntil: at(40.5 + 720),
    });
  });

  it('nor those of days ago, where there was one in half a day since', async () => {
    const days = [...logins(1501, 2000, 10), ...failed([1500]), ...logins(781, 1490, 10), ...failed([780])];
    const store = storeOf({ staging: [...days, ...logins(41, 770, 10), ...failed([0, 1, 3, 40])] });

    const { pausedUntil } = await spawnBudgets(store, [rationed])(rationed);

    expect(pausedUntil).toBe(at(1500.5 + 720));
  });

  it('reads little of a hub that works', async () => {
    const store = storeOf({ staging: [...history('P@3000'), ...logins(0, 2990, 10)] });

    expect(await spawnBudgets(store, [rationed])(rationed)).toMatchObject({ failures: 0, pausedUntil: null });
    expect(store.asked).toHaveLength(1);
  });

  it('counts the starts of every entry that visits the hub, and says whose they were', async () => {
    const other = { ...rationed, name: 'staging-large' };
    const store = storeOf({ staging: failed([0, 2]), 'staging-large': failed([1], 'staging-large') });

    expect(await spawnBudgets(store, [rationed, other])(other)).toEqual({
      failures: 3,
      pausedUntil: at(32.5),
      failedFor: ['staging', 'staging-large', 'staging'].map((name) => ({ hub: name, account: 'probe' })),
    });
  });
});
