import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import type { Hub, ServerSettings } from '../../src/core/hub.ts';
import type { Run } from '../../src/core/run.ts';
import type { Testbed } from '../testbed/testbed.ts';
import { type CheckChanges, checkHub, hubOf } from '../journey/check-hub.ts';

/**
 * A visit that must pass, with login and server when nothing else is said, and after which the hub itself says that
 * nothing of it is left.
 */
export async function checkPasses(testbed: Testbed, user: string, changes: CheckChanges = {}): Promise<Run> {
  const hub = { deadlineMs: 300_000, ...withServer(testbed, {}).hub, ...changes.hub };
  await using checked = await checkHub(testbed, user, { probes: ['login', 'server'], ...changes, hub });
  const { run } = checked;
  expect(run.failure).toBeNull();
  expect(run.outcome).toBe('passed');
  expect(run.cleanup).toMatchObject({ status: 'clean', left: [] });
  await expectNothingLeft(testbed);
  return run;
}

/** A visit of a hub that is described wrongly, or is not as described. */
export async function failingVisit(testbed: Testbed, user: string, changes: CheckChanges): Promise<Run> {
  await using checked = await checkHub(testbed, user, { probes: ['login', 'server'], ...changes });
  expect(checked.run.outcome).toBe('failed');
  await expectNothingLeft(testbed);
  return checked.run;
}

/** Schedulers and kernels take some seconds to die after their gateway or server has let go of them. */
export async function expectNothingLeft(testbed: Testbed): Promise<void> {
  await expect
    .poll(() => testbed.leftovers(), { timeout: 60_000 })
    .toEqual({ servers: [], tokens: [], processes: [] });
}

/** A hub whose configuration says this about its server, with limits that a machine with much to do does not reach. */
export function withServer(testbed: Testbed, server: Partial<ServerSettings>): { hub: Partial<Hub> } {
  const patient = { startTimeoutMs: 150_000, interfaceTimeoutMs: 120_000, kernelTimeoutMs: 120_000 };
  return { hub: { server: { ...hubOf(testbed, '').server, ...patient, ...server } } };
}

const Start = z.object({ user: z.string(), server: z.string(), options: z.record(z.string(), z.unknown()) });

/** The options of the user's last start, as the hub's spawner got them. */
export async function lastStart(testbed: Testbed, user: string): Promise<z.infer<typeof Start>['options']> {
  const lines = (await readFile(join(testbed.folder, 'starts.jsonl'), 'utf8')).trim().split('\n');
  const starts = lines.map((line) => Start.parse(JSON.parse(line)));
  const last = starts.findLast((start) => start.user === user);
  if (last === undefined) throw new Error(`no server of ${user} was started`);
  return last.options;
}

/** What the hub was asked for by a form or an address. It then refuses, which is quicker than a server. */
export async function askedFor(
  testbed: Testbed,
  user: string,
  server: Partial<ServerSettings>,
): Promise<z.infer<typeof Start>['options']> {
  await testbed.faults.break('spawn-forbidden');
  const { failure } = await failingVisit(testbed, user, withServer(testbed, server));
  await testbed.faults.heal('spawn-forbidden');
  expect(failure?.message).toMatch(/exceeded your quota|403/);
  return lastStart(testbed, user);
}
