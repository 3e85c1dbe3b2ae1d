import { expect } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { type CheckChanges, checkHub } from '../journey/check-hub.ts';

/**
 * A visit that must pass, with login and server when nothing else is said, and after which the hub itself says that
 * nothing of it is left.
 */
export async function visit(testbed: Testbed, user: string, changes: CheckChanges = {}): Promise<Run> {
  await using checked = await checkHub(testbed, user, { probes: ['login', 'server'], ...changes });
  const { run } = checked;
  expect(run.failure).toBeNull();
  expect(run.outcome).toBe('passed');
  expect(run.cleanup).toMatchObject({ status: 'clean', left: [] });
  await expectNothingLeft(testbed);
  return run;
}

/** Schedulers and kernels take some seconds to die after their gateway or server has let go of them. */
export async function expectNothingLeft(testbed: Testbed): Promise<void> {
  await expect
    .poll(() => testbed.leftovers(), { timeout: 60_000 })
    .toEqual({ servers: [], tokens: [], processes: [] });
}
