import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probes } from '../../probes/index.ts';
import { CRITERIA } from '../../src/core/criterion.ts';
import { killProcess } from '../../src/runner/proc.ts';
import { ProcessTree } from '../../src/runner/process-tree.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { checkHub, hubOf } from './check-hub.ts';
import { isBrowser, isRenderer, isWorker, killAt } from './kill-at.ts';
import { mintAs, tokenIs } from './tokens.ts';

/** Every step of every probe, as the testbed's hub has them. */
const STEPS = CRITERIA.flatMap((criterion) =>
  probes[criterion].steps(hubOf({ hubUrl: 'http://127.0.0.1/' }, 'canary')),
);

describe('a run whose own processes are killed', () => {
  let testbed: Testbed;
  const user = 'canary';
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  afterAll(() => testbed.stop());

  /** Schedulers and kernels take some seconds to die after their gateway or server has let go of them. */
  const expectNothingLeft = () =>
    expect
      .poll(() => testbed.leftovers(), { timeout: 60_000 })
      .toEqual({ servers: [], tokens: [], processes: [] });

  it.each<[who: string, step: string, isVictim: (pid: number) => boolean, reason: string]>([
    ...STEPS.map((step): [string, string, typeof isWorker, string] => ['worker', step, isWorker, 'internal']),
    ['browser', 'open the login page', isBrowser, 'browser-crashed'],
    ['browser', 'wait until it is ready', isBrowser, 'browser-crashed'],
    ['browser', 'compute and compare the answer', isBrowser, 'browser-crashed'],
    ['page', 'run code and compare the answer', isRenderer, 'browser-crashed'],
  ])('%s at "%s" is our own fault, and nothing is left', async (_who, step, isVictim, reason) => {
    await using checked = await checkHub(testbed, user, { onEvent: killAt(step, isVictim) });

    const { run } = checked;
    expect(run.failure).toMatchObject({ reason, attribution: 'probe' });
    expect(run.outcome).toBe('errored');
    expect(Object.values(run.criteria)).not.toContain('failed');
    // Killed between minting its token and handing it up: then the record says that there may be one.
    const mayLeak = step === 'arrive at the home page';
    const [token] = run.cleanup.left;
    expect(run.cleanup.left).toEqual(mayLeak && token ? [{ kind: 'token', id: run.id }] : []);
    if (token !== undefined)
      await (await checkHub(testbed, user, { probes: ['login'] }))[Symbol.asyncDispose]();
    await expectNothingLeft();
    expect(new ProcessTree(run.id).pids()).toEqual([]);
    expect(() => readdirSync(checked.runsFolder)).toThrow('ENOENT');
  });

  it('keeps its verdict when the worker is killed in its cleanup, which the parent finishes', async () => {
    let victims: number[] = [];
    await using checked = await checkHub(testbed, user, {
      onEvent: (event, order) => {
        if (event.kind !== 'cleaning-up' || victims.length > 0) return;
        victims = new ProcessTree(order.id).pids().filter(isWorker);
        for (const pid of victims) killProcess(pid);
      },
    });

    expect(victims).toHaveLength(1);
    expect(checked.run).toMatchObject({ outcome: 'passed', cleanup: { status: 'clean', left: [] } });
    expect(checked.run.cleanup.seconds).toBeGreaterThan(0);
    await expectNothingLeft();
  });

  it('has its token revoked by the next visit when nobody had heard of it', async () => {
    const stray = await mintAs(testbed, user, 'hubcanary: run 01KILLEDBETWEEN, revoked at its end');
    const own = await mintAs(testbed, user, 'my own script');

    await using checked = await checkHub(testbed, user, { probes: ['login'] });

    expect(checked.run.cleanup).toMatchObject({
      status: 'clean',
      removed: [{ kind: 'token', id: checked.run.id }],
    });
    expect(await tokenIs(testbed, stray)).toBe('gone');
    expect(await tokenIs(testbed, own)).toBe('good');
  });

  it('is killed when it takes more memory than it may', async () => {
    await using checked = await checkHub(testbed, user, { memoryPerRunBytes: 2 ** 20 });

    expect(checked.run).toMatchObject({ outcome: 'errored', failure: { reason: 'out-of-memory' } });
    expect(checked.run.failure?.message).toMatch(/used \d+ MiB of the 1 MiB it may have/);
    await expectNothingLeft();
  });

  it('is aborted when it is told to stop, and cleans up', async () => {
    const stop = new AbortController();

    await using checked = await checkHub(testbed, user, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'step-started' && event.step === 'wait until it is ready') {
          stop.abort(new Error('the service stops'));
        }
      },
    });

    expect(checked.run).toMatchObject({ outcome: 'aborted', failure: { message: 'the service stops' } });
    expect(checked.run.cleanup.status).toBe('clean');
    await expectNothingLeft();
  });

  it('says that its own deadline was over', async () => {
    await using checked = await checkHub(testbed, user, { hub: { deadlineMs: 1_500 } });

    expect(checked.run).toMatchObject({ outcome: 'errored', failure: { reason: 'deadline' } });
    expect(checked.run.cleanup.status).toBe('clean');
  });

  it.each([
    [
      'a browser that is not there',
      { browser: '/nowhere/chromium' },
      'browser-missing',
      /no browser at \/nowhere\/chromium/,
    ],
    ['a browser that does not start', { browser: '/bin/false' }, 'browser-crashed', /did not start/],
  ])('says that %s is our own fault', async (_, changes, reason, says) => {
    await using checked = await checkHub(testbed, user, changes);

    expect(checked.run).toMatchObject({ outcome: 'errored', failure: { reason, attribution: 'probe' } });
    expect(checked.run.failure?.message).toMatch(says);
  });

  it('blames the network and not the hub when nothing else can be reached either', async () => {
    await testbed.faults.break('proxy-gone');

    await using checked = await checkHub(testbed, user, { reachability: ['http://127.0.0.1:9/'] });

    await testbed.faults.healAll();
    expect(checked.run).toMatchObject({ outcome: 'errored', failure: { reason: 'network-down' } });
    expect(checked.run.criteria).toEqual({ login: 'unknown', server: 'unknown', dask: 'unknown' });
  });
});
