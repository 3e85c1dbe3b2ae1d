import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { checkHub } from './check-hub.ts';

describe('a visit', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(() => testbed.stop());

  it('of a healthy hub passes, computed values compared, nothing left', async () => {
    await using checked = await checkHub(testbed, 'canary');

    const { run } = checked;
    expect(run.failure).toBeNull();
    expect(run.criteria).toEqual({ login: 'passed', server: 'passed', dask: 'passed' });
    expect(run.cleanup.status).toBe('clean');
    expect(run.cleanup.removed.map(({ kind }) => kind)).toEqual(['cluster', 'kernel', 'server', 'token']);
    expect(run.steps.every(({ status }) => status === 'passed')).toBe(true);
  });

  it('whose server can not be stopped says that it is left behind, and the next visit fails', async () => {
    await testbed.faults.break('stop-hangs');
    const changes = { probes: ['login', 'server'] } as const;

    await using first = await checkHub(testbed, 'maren', changes);
    await using second = await checkHub(testbed, 'maren', changes);

    expect(first.run.outcome).toBe('passed');
    expect(first.run.cleanup.status).toBe('leaked');
    expect(first.run.cleanup.left).toContainEqual({ kind: 'server', id: '', why: expect.any(String) });
    expect(first.run.cleanup.left.map(({ kind }) => kind)).not.toContain('token');
    expect(second.run.failure).toMatchObject({ criterion: 'server', reason: 'stop-stuck' });
  }, 300_000);
});
