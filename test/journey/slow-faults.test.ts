import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { checkHub } from './check-hub.ts';
import { expectTold } from './expect-told.ts';
import { slow } from './fault-table.ts';

describe('a fault in which the hub never says no', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(() => testbed.stop());

  it.each(slow)('$fault → $criterion: $reason', (row) => expectTold(testbed, row));

  it('a server that can not be stopped is said to be left behind, and fails the next visit', async () => {
    await testbed.faults.break('stop-hangs');
    const changes = { probes: ['login', 'server'] } as const;

    await using first = await checkHub(testbed, 'maren', changes);
    await using second = await checkHub(testbed, 'maren', changes);

    expect(first.run.outcome).toBe('passed');
    expect(first.run.cleanup.status).toBe('leaked');
    expect(first.run.cleanup.left).toContainEqual({ kind: 'server', id: '' });
    expect(first.run.cleanup.left.map(({ kind }) => kind)).not.toContain('token');
    expect(second.run.failure).toMatchObject({ criterion: 'server', reason: 'stop-stuck' });
  });
});
