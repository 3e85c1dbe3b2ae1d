import { expect } from 'vitest';
import type { Testbed } from '../../testbed/testbed.ts';
import { checkHub } from '../check-hub.ts';
import type { Row } from './row.ts';

/** Switches a fault on, looks at the hub as a canary user, and compares what an operator would be told. */
export async function expectTold(testbed: Testbed, row: Row): Promise<void> {
  const { fault, criterion, reason, attribution, says, changes } = row;
  await testbed.faults.break(fault);

  await using checked = await checkHub(testbed, 'canary', changes);

  const { run } = checked;
  expect(run.failure).toMatchObject({ criterion, reason, attribution: attribution ?? 'hub' });
  expect(run.failure?.message).toMatch(says);
  expect(run.outcome).toBe('failed');
  expect(run.criteria[criterion]).toBe('failed');
  expect(run.evidence.map(({ kind }) => kind)).toContain('responses');
}
