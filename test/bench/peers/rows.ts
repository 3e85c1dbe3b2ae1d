import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '../../testbed/faults.ts';
import type { Row } from '../../journey/faults/row.ts';
import { sentenceOf } from '../../journey/faults/row.ts';
import { setStage } from '../../journey/faults/stage.ts';
import { tellsCause } from './causes.ts';
import type { Contestant } from './contestants.ts';
import { measure } from './meter.ts';
import type { JudgedRow, Verdict } from './results.ts';
import { type World, aVisit, leaveNothing } from './world.ts';

/** Whoever has not said anything by then is ended: longer than the longest limit of a journey, ours with its cleanup included. */
const WITHIN_MS = 240_000;
/** The longest limits are cut, so that a row ends: jhub-client's of 360 s, and ours for dask of 5 and 10 minutes, to what others give. */
const JHUB_LIMIT_SECONDS = 90;
const LIMITS = { dask: { startTimeout: '60s', workerTimeout: '60s' } };

/**
 * Whether a row can be judged alike for all: its fault is a switch of the testbed, or arranged so that whoever visits meets it.
 * Others are brought about at a step of our own run, or need a journey written for them (an options form).
 */
export function canBeJudged({ fault, needs }: Row): boolean {
  if (needs !== undefined) return false;
  if (typeof fault !== 'string') return fault.alike === true;
  return !fault.startsWith('form-') && !NOT_FOR_ALL.has(fault);
}

/** Four browsers that take all the memory there is are more than a machine can bear; what breaks once, breaks for one. */
const NOT_FOR_ALL: ReadonlySet<Fault> = new Set(['lab-eats-memory', 'kernel-dies-once']);

/** Each fault once for each contestant: is it noticed at all, is the right criterion blamed, and how long does it take? */
export async function* judgeRows(
  world: World,
  chosen: readonly Contestant[],
  rows: readonly Row[],
  outputs: string,
): AsyncGenerator<JudgedRow> {
  for (const row of rows) {
    const verdicts = await judge(world, chosen, row, outputs);
    for (const [name, { noticed, blamed, seconds, timedOut }] of Object.entries(verdicts)) {
      const said = timedOut ? 'nothing said' : noticed ? `blames ${blamed}` : 'passed';
      world.say(`${sentenceOf(row)}: ${name}: ${said} after ${seconds.toFixed(1)} s`);
    }
    // A fault of our own is no evidence against the hub: nothing is to be blamed.
    const criterion = row.outcome === 'errored' ? null : row.criterion;
    yield { fault: sentenceOf(row), criterion, reason: row.reason, verdicts };
  }
}

/** All contestants visit the same broken hub at the same time, each as a user of its own. */
async function judge(
  world: World,
  chosen: readonly Contestant[],
  row: Row,
  outputs: string,
): Promise<JudgedRow['verdicts']> {
  await leaveNothing(world);
  await using stage = await setStage(world.testbed, row);
  // Of a fault of our own nothing is to be said against the hub.
  const cause = row.outcome === 'errored' ? null : row.reason;
  const { hub, browser = null, credentialError, reachability = [] } = stage.changes;
  const hubUrl = hub?.url ?? stage.front.url;
  const ca = hub?.tls?.ca ?? null;
  const verdicts = chosen.map(async (contestant, index): Promise<readonly [string, Verdict]> => {
    const user = world.testbed.users[index % world.testbed.users.length] ?? '';
    const visit = await aVisit(world, {
      user,
      hubUrl,
      browser,
      reachability,
      ...(credentialError === undefined ? {} : { password: null }),
      limits: { ...LIMITS, ...(ca === null ? {} : { tls: { ca } }) },
      jhubLimitSeconds: JHUB_LIMIT_SECONDS,
    });
    const measured = await measure(contestant.command(visit, world.places), WITHIN_MS);
    const left = contestant.leaves?.(visit, world.places) ?? '';
    const said = `${measured.output}\n${left}`;
    await keep(outputs, `${sentenceOf(row)} - ${contestant.name}`, said);
    const noticed = !measured.timedOut && contestant.notices(measured);
    const { wallSeconds: seconds, timedOut } = measured;
    const blamed = noticed ? contestant.blames(measured) : null;
    const tellsWhy = noticed && cause !== null && tellsCause(cause, contestant.withoutNames?.(said) ?? said);
    return [contestant.name, { noticed, blamed, tellsWhy, seconds, timedOut }];
  });
  return Object.fromEntries(await Promise.all(verdicts));
}

/** What was said, for whoever doubts how it was understood. */
async function keep(folder: string, name: string, output: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name.replaceAll(/[^\w.-]+/g, '-')}.txt`), output);
}
