import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { FAULTS } from '../testbed/faults.ts';
import { checkHub } from './check-hub.ts';
import { expectTold } from './expect-told.ts';
import { quick, slow } from './fault-table.ts';

describe('each fault of a real hub is told apart', () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await startTestbed({ startTimeoutSeconds: 8, httpTimeoutSeconds: 8 });
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(() => testbed.stop());

  it.each(quick)('$fault → $criterion: $reason', (row) => expectTold(testbed, row));

  it('every fault has its row', () => {
    const rows = [...quick, ...slow].map(({ fault }) => fault);

    // A server that can't be stopped breaks no criterion until the next visit; slow-faults has it.
    expect([...rows, 'stop-hangs'].toSorted()).toEqual(Object.keys(FAULTS).toSorted());
  });

  it('a healthy hub passes, computed values compared, nothing left', async () => {
    await using checked = await checkHub(testbed, 'canary');

    const { run } = checked;
    expect(run.failure).toBeNull();
    expect(run.criteria).toEqual({ login: 'passed', server: 'passed', dask: 'passed' });
    expect(run.cleanup.status).toBe('clean');
    expect(run.cleanup.removed.map(({ kind }) => kind)).toEqual(['cluster', 'kernel', 'server', 'token']);
    expect(run.steps.every(({ status }) => status === 'passed')).toBe(true);
  });
});
