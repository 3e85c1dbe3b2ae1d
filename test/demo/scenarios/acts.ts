import { FAULT_OF } from '../breakable.ts';
import type { Stage } from '../stage.ts';
import { until, untilTrue } from '../until.ts';
import type { Incident, Watcher } from '../watch.ts';
import type { Say } from './scenario.ts';

/** What most scenarios are made of: users can't log in, and can again. */
export async function breakLogin({ testbed }: Stage, say: Say): Promise<void> {
  await testbed.faults.break(FAULT_OF.login);
  say("broken: users can't log in");
}

export async function healLogin({ testbed }: Stage, say: Say): Promise<void> {
  await testbed.faults.heal(FAULT_OF.login);
  say('healed: users can log in again');
}

/** An incident that is none of these. */
export async function untilDeclared(
  watcher: Watcher,
  known: readonly Incident[],
  say: Say,
): Promise<Incident> {
  const ids = new Set(known.map(({ id }) => id));
  const incident = await until('an incident', () => watcher.newIncident('login', ids));
  say(`incident declared for ${incident.scope.kind} ${incident.scope.id}`);
  return incident;
}

export async function untilIssue(watcher: Watcher, { id }: Incident, say: Say): Promise<number> {
  const { issue } = await until('the issue to be known', () => watcher.withIssue(id));
  say(`issue #${issue.number} is open`);
  return issue.number;
}

export async function untilState(
  watcher: Watcher,
  { id }: Incident,
  states: readonly string[],
  say: Say,
): Promise<Incident> {
  const incident = await until(`the incident to be ${states.join(' or ')}`, async () => {
    const now = await watcher.incident(id);
    return states.includes(now.state) ? now : null;
  });
  say(`the incident is ${incident.state}`);
  return incident;
}

/** More runs have ended so since this was asked. */
export async function untilMoreRuns(
  watcher: Watcher,
  outcome: 'passed' | 'failed',
  count: number,
): Promise<void> {
  const before = await watcher.runsThat(outcome, 'demo');
  await untilTrue(
    `${count} more runs that ${outcome}`,
    async () => (await watcher.runsThat(outcome, 'demo')) >= before + count,
  );
}

/** What was healed is seen, and its issue closed. */
export async function untilOver(
  stage: Stage,
  watcher: Watcher,
  { incident, issue }: { readonly incident: Incident; readonly issue: number },
  say: Say,
): Promise<void> {
  await untilState(watcher, incident, ['resolved'], say);
  await untilTrue(`issue #${issue} to be closed`, () => stage.github.issue(issue).state === 'closed');
  say(`issue #${issue} is closed`);
}
