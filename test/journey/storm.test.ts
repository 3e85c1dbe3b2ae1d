import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evenRhythm } from '../../src/core/rhythm.ts';
import { nextConfirmation } from '../../src/core/confirm.ts';
import type { Hub } from '../../src/core/hub.ts';
import { spawnOf } from '../../src/core/spawn-budget.ts';
import { createAccounts } from '../../src/monitor/accounts.ts';
import { createExecute } from '../../src/monitor/execute.ts';
import { readRecorded, readSituation } from '../../src/monitor/known.ts';
import { spawnBudgets } from '../../src/monitor/spawns.ts';
import type { RunRequest } from '../../src/queue/queue.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { hubOf, runnerOf } from './check-hub.ts';

const MINUTE = 60_000;
const GO_ON = new AbortController().signal;
const nothing = { verdicts: [], incidents: [], events: [], effects: [], proven: null };

/**
 * A hub that exits after five failed starts in a row, as those of Zero to JupyterHub do, and whose spawner is broken. The
 * schedule's time is made up; every run that it asks for is really made.
 */
describe('a hub that exits after 5 failed starts in a row', () => {
  let testbed: Testbed;
  let folder: string;
  let store: Store;
  let clock: number;
  beforeEach(async () => {
    testbed = await startTestbed({ consecutiveFailureLimit: 5 });
    folder = await mkdtemp(join(tmpdir(), 'storm-'));
    store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
    clock = Date.UTC(2026, 2, 1, 10, 0);
    await testbed.faults.break('spawn-raises');
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
    await testbed.stop();
  });

  const hubWith = (failureLimit: number): Hub => {
    const hub = hubOf(testbed, 'canary', { probes: ['login', 'server'] });
    return { ...hub, server: { ...hub.server, failureLimit } };
  };

  async function run(hub: Hub, trigger: RunRequest['trigger']) {
    const execute = createExecute({
      store,
      hubs: [hub],
      accounts: createAccounts(),
      admission: { enter: async () => ({ kind: 'in', leave() {} }) },
      waited() {},
      logins: { note() {} },
      spawnBudget: spawnBudgets(store, [hub]),
      runner: runnerOf(testbed, folder, { now: () => new Date(clock) }),
      runEnded: async (ended) => void (await store.commit({ ...nothing, run: ended })),
      now: () => new Date(clock),
      log() {},
    });
    const request = { hub: hub.name, trigger, attempt: 1, probes: null, because: 'a test' };
    const flight = { id: ulid(clock), request, state: 'running', queuedAt: '', startedAt: '' } as const;
    return execute(flight, GO_ON, () => {});
  }

  /** Every ten minutes, and whenever a confirmation is due in between. */
  async function live(hub: Hub, minutes: number): Promise<void> {
    const end = clock + minutes * MINUTE;
    for (let slot = clock; slot < end; slot += 10 * MINUTE) {
      clock = slot;
      await run(hub, 'schedule');
      for (;;) {
        const now = {
          criteria: CRITERIA_IN_TESTS,
          maintenance: [],
          now: new Date(clock),
          ...(await readRecorded(store)),
        };
        const situation = await readSituation(store, { hub, ...evenRhythm(10 * MINUTE) }, null, now);
        const due = nextConfirmation(situation);
        if (due === null || Date.parse(due.at) >= slot + 10 * MINUTE) break;
        clock = Date.parse(due.at);
        await run(hub, 'confirm');
      }
    }
    clock = end;
  }

  const isAlive = async () => {
    const answer = await fetch(`${testbed.hubUrl}hub/health`).catch(() => null);
    return answer?.status === 200;
  };
  const failedStarts = async (hub: Hub) =>
    (await store.recentRuns(hub.name, 99)).filter((each) => spawnOf(each) === 'failed').length;

  it('lives through an hour of the schedule, which is enough to judge it, and is tried again when it was restarted', async () => {
    const hub = hubWith(5);
    await live(hub, 60);

    expect(await isAlive()).toBe(true);
    expect(await failedStarts(hub)).toBe(4);
    const [last] = await store.recentRuns(hub.name, 1);
    expect(last).toMatchObject({ outcome: 'passed', criteria: { login: 'passed' }, hubRestarted: false });
    expect(last?.leftOut).toMatch(/^4 starts in a row of ours failed, and the hub may exit after 5/);
    expect(last?.criteria).not.toHaveProperty('server');

    await testbed.faults.heal('spawn-raises');
    await testbed.faults.break('hub-stopped');
    await testbed.faults.heal('hub-stopped');
    expect(await run(hub, 'schedule')).toMatchObject({ hubRestarted: true });
    clock += 10 * MINUTE;
    expect(await run(hub, 'schedule')).toMatchObject({ outcome: 'passed', criteria: { server: 'passed' } });
  });

  it('would not have, had we taken no notice', async () => {
    const hub = hubWith(0);

    await live(hub, 30);

    expect(await failedStarts(hub)).toBeGreaterThanOrEqual(5);
    await expect.poll(isAlive, { timeout: 30_000 }).toBe(false);
  });

  it('is asked for a server all the same when a person wants to see', async () => {
    const hub = hubWith(5);
    // The order of runs is that of their ids, which begin with the time.
    for (let count = 0; count < 3; count += 1) {
      await run(hub, 'schedule');
      clock += MINUTE;
    }
    await testbed.faults.heal('spawn-raises');

    expect(await run(hub, 'demand')).toMatchObject({ criteria: { server: 'passed' } });
    clock += MINUTE;
    expect(await run(hub, 'schedule')).toMatchObject({ criteria: { server: 'passed' } });
  });
});
