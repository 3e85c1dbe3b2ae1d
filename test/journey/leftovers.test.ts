import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Hub } from '../../src/core/hub.ts';
import { createAccounts } from '../../src/monitor/accounts.ts';
import { type Janitor, createJanitor } from '../../src/monitor/janitor.ts';
import { abortUnfinished } from '../../src/monitor/reconcile.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { checkHub, hubOf, runnerOf } from './check-hub.ts';
import { runAndKillAll } from './doomed.ts';

const GO_ON = new AbortController().signal;
const nothing = { verdicts: [], incidents: [], events: [], effects: [], proven: null };

/** The real store, janitor, runner, browser and hub; only the clock is moved on, so that nobody waits for a retry. */
describe('what a run left behind', () => {
  let testbed: Testbed;
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leftovers-'));
    store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  });
  afterEach(async () => {
    await testbed.faults.healAll();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterAll(() => testbed.stop());

  /** `hours` from now. */
  function janitorAt(hub: Hub, hours: number): Janitor {
    return createJanitor({
      store,
      hubs: [hub],
      accounts: createAccounts(),
      admission: { enter: async () => ({ kind: 'in', leave() {} }) },
      logins: { note() {}, next: () => null },
      runner: runnerOf(testbed, folder),
      observer: { cleanedUp() {}, storeError() {} },
      log() {},
      now: () => new Date(Date.now() + hours * 3_600_000),
      newId: ulid,
    });
  }

  it('is cleaned up once the hub lets us, by a visit that does nothing else', async () => {
    const hub = hubOf(testbed, 'maren', { probes: ['login', 'server'], cleanupTimeoutMs: 6_000 });
    await testbed.faults.break('stop-hangs');
    await using checked = await checkHub(testbed, 'maren', { hub, probes: hub.probes });
    await store.commit({ ...nothing, run: checked.run });

    expect(checked.run).toMatchObject({ outcome: 'passed', cleanup: { status: 'leaked' } });
    expect(checked.run.cleanup.left).toContainEqual({
      kind: 'server',
      id: '',
      why: expect.stringMatching(/./),
    });
    await janitorAt(hub, 1).round(GO_ON);
    expect(await store.leftovers()).toMatchObject([
      { kind: 'server', attempts: 1, lastError: expect.stringMatching(/./) },
      { kind: 'kernel' },
    ]);

    await testbed.faults.healAll();
    await janitorAt(hub, 2).round(GO_ON);

    expect(await store.leftovers()).toEqual([]);
    await expectNothingLeft(testbed);
    expect(await store.recentRuns(hub.name, 9)).toHaveLength(1);
  });

  it('is found by a service that starts after everything was killed at once', async () => {
    const hub = hubOf(testbed, 'ada');
    const id = ulid();
    const { username: account } = hub.login;
    const startedAt = new Date().toISOString();
    const begun = { id, hub: hub.name, trigger: 'schedule', attempt: 1, account, startedAt } as const;
    await store.begin({ ...begun, criteria: hub.probes });
    await runAndKillAll(hub, testbed.password, { id, step: 'wait until it is ready' });
    expect((await testbed.leftovers()).tokens).not.toEqual([]);

    await abortUnfinished(store, new Date(), () => hub.server.name);
    expect((await store.leftovers()).map(({ kind, run }) => [kind, run]).toSorted()).toEqual([
      ['cluster', id],
      ['server', id],
      ['token', id],
    ]);
    await janitorAt(hub, 1).round(GO_ON);

    expect(await store.leftovers()).toEqual([]);
    await expectNothingLeft(testbed);
  });
});

/** Schedulers and kernels take some seconds to die after their gateway or server has let go of them. */
function expectNothingLeft(testbed: Testbed): Promise<void> {
  return expect
    .poll(() => testbed.leftovers(), { timeout: 60_000 })
    .toEqual({ servers: [], tokens: [], processes: [] });
}
