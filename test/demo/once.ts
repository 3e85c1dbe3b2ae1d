import { type Criterion, USERS_CANNOT } from '../../src/core/criterion.ts';
import { FAULT_OF } from './breakable.ts';
import type { Stage } from './stage.ts';
import { stopwatch } from './stopwatch.ts';
import { until, untilTrue } from './until.ts';
import { Watcher } from './watch.ts';

/** Break, declare, heal, resolve: one criterion, unattended. @throws when any of it does not happen. */
export async function playOnce(
  stage: Stage,
  criterion: Criterion,
  say: (line: string) => void,
): Promise<void> {
  const watcher = new Watcher(stage.service.url);
  const known = new Set((await watcher.incidents()).map(({ id }) => id));
  const after = stopwatch();

  await stage.testbed.faults.break(FAULT_OF[criterion]);
  say(`broken: users can't ${USERS_CANNOT[criterion]}`);

  const declared = await until(`an incident for ${criterion}`, () => watcher.newIncident(criterion, known));
  say(`incident declared after ${after()}`);
  const { issue } = await until('its issue', () => watcher.withIssue(declared.id));
  say(`issue #${issue.number} visible after ${after()}: ${stage.github.issue(issue.number).title}`);

  await stage.testbed.faults.heal(FAULT_OF[criterion]);
  say('healed');

  await untilTrue(
    'the incident to be resolved',
    async () => (await watcher.incident(declared.id)).state === 'resolved',
  );
  say(`incident resolved after ${after()}`);
  await untilTrue('the issue to be closed', () => stage.github.issue(issue.number).state === 'closed');
  say(`issue #${issue.number} closed after ${after()}`);

  const ofThis = stage.github.issues().filter(({ title }) => title.includes(USERS_CANNOT[criterion]));
  if (ofThis.length !== 1) throw new Error(`one issue was expected, there are ${ofThis.length}`);
}
