import type { Transaction } from 'kysely';
import type { Effect } from '../core/effect.ts';
import type { Run } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Tables } from './schema.ts';
import { writeLeftovers } from './sql-leftovers.ts';
import type { Commit } from './store.ts';
import { writeIncident } from './write-incident.ts';

type Tx = Transaction<Tables>;

/** @returns false when the run is recorded already; then nothing was changed. @throws Conflict */
export async function writeCommit(tx: Tx, commit: Commit): Promise<boolean> {
  const { run, verdicts, proven, incidents, events, effects } = commit;
  if (run !== null && !(await insertRun(tx, run))) return false;
  if (run !== null) await writeLeftovers(tx, run);
  for (const verdict of verdicts) await upsertVerdict(tx, verdict);
  if (proven !== null) await insertProven(tx, proven);
  const stray = events.find((event) => incidents.every(({ id }) => id !== event.incident));
  if (stray !== undefined) throw new Error(`bug: event of incident ${stray.incident} without its row`);
  for (const incident of incidents) {
    const itsEvents = events.filter((event) => event.incident === incident.id);
    await writeIncident(tx, incident, itsEvents);
  }
  for (const [ordinal, effect] of effects.entries()) await insertEffect(tx, effect, ordinal);
  return true;
}

/** @returns false when the run is recorded already. */
async function insertRun(tx: Tx, run: Run): Promise<boolean> {
  const failed = Object.entries(run.criteria).flatMap(([name, result]) =>
    result === 'failed' ? [name] : [],
  );
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('run')
    .values({
      id: run.id,
      hub: run.hub,
      outcome: run.outcome,
      failed_criteria: failed.length === 0 ? '' : `,${failed.join(',')},`,
      started_at: run.startedAt,
      record: JSON.stringify(run),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  await tx.deleteFrom('begun_run').where('id', '=', run.id).execute();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

async function upsertVerdict(tx: Tx, verdict: Verdict): Promise<void> {
  const record = JSON.stringify(verdict);
  await tx
    .insertInto('verdict')
    .values({ hub: verdict.hub, criterion: verdict.criterion, record })
    .onConflict((conflict) => conflict.columns(['hub', 'criterion']).doUpdateSet({ record }))
    .execute();
}

async function insertProven(tx: Tx, { hub, username }: NonNullable<Commit['proven']>): Promise<void> {
  await tx
    .insertInto('proven_credential')
    .values({ hub, username })
    .onConflict((conflict) => conflict.columns(['hub', 'username']).doNothing())
    .execute();
}

async function insertEffect(tx: Tx, effect: Effect, ordinal: number): Promise<void> {
  await tx
    .insertInto('effect')
    .values({
      id: effect.id,
      incident: effect.incident,
      revision: effect.revision,
      ordinal,
      kind: effect.kind,
      notifier: effect.notifier,
      created_at: effect.createdAt,
      record: JSON.stringify(effect),
      state: 'pending',
      attempts: 0,
      first_attempt_at: null,
      last_attempt_at: null,
      not_before: effect.createdAt,
      last_error: null,
      delivered_at: null,
    })
    .execute();
}
