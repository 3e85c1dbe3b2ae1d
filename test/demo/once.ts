import { setTimeout as pause } from 'node:timers/promises';
import { type Criterion, USERS_CANNOT } from '../../src/core/criterion.ts';
import { FAULT_OF } from './breakable.ts';
import type { Stage } from './stage.ts';
import { Watcher } from './watch.ts';

const WITHIN_MS = 120_000;

/** Break, declare, heal, resolve: one criterion, unattended. @throws when any of it does not happen. */
export async function playOnce(
  stage: Stage,
  criterion: Criterion,
  say: (line: string) => void,
): Promise<void> {
  const watcher = new Watcher(stage.service.url);
  const known = new Set((await watcher.incidents()).map(({ id }) => id));
  const startedAt = performance.now();
  const after = () => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;

  await stage.testbed.faults.break(FAULT_OF[criterion]);
  say(`broken: users can't ${USERS_CANNOT[criterion]}`);

  const declared = await until(`an incident for ${criterion}`, () => watcher.newIncident(criterion, known));
  say(`incident declared after ${after()}`);
  const { issue } = await until('its issue', async () => {
    const incident = await watcher.incident(declared.id);
    return incident.issue === null ? null : { issue: incident.issue };
  });
  say(`issue #${issue.number} visible after ${after()}: ${stage.github.issue(issue.number).title}`);

  await stage.testbed.faults.heal(FAULT_OF[criterion]);
  say('healed');

  await until('the incident to be resolved', async () => {
    const incident = await watcher.incident(declared.id);
    return incident.state === 'resolved' ? incident : null;
  });
  say(`incident resolved after ${after()}`);
  await until('the issue to be closed', async () =>
    stage.github.issue(issue.number).state === 'closed' ? true : null,
  );
  say(`issue #${issue.number} closed after ${after()}`);

  const ofThis = stage.github.issues().filter(({ title }) => title.includes(USERS_CANNOT[criterion]));
  if (ofThis.length !== 1) throw new Error(`one issue was expected, there are ${ofThis.length}`);
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const giveUpAt = performance.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${WITHIN_MS / 1000} s for ${what} in vain`);
    await pause(200);
  }
}
