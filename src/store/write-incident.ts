import type { Transaction } from 'kysely';
import type { Incident } from '../core/incident.ts';
import type { Tables } from './schema.ts';
import { Conflict } from './store.ts';

/** Writes a row whose stored revision must be `before`; 0 for a new one. @throws Conflict when somebody else was first. */
export async function writeIncident(
  tx: Transaction<Tables>,
  incident: Incident,
  before: number,
): Promise<void> {
  const row = {
    id: incident.id,
    scope_kind: incident.scope.kind,
    scope_id: incident.scope.id,
    criterion: incident.criterion,
    state: incident.state,
    revision: incident.revision,
    record: JSON.stringify(incident),
  };
  const changed =
    before === 0
      ? (
          await tx
            .insertInto('incident')
            .values(row)
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
        ).numInsertedOrUpdatedRows
      : (
          await tx
            .updateTable('incident')
            .set(row)
            .where('id', '=', incident.id)
            .where('revision', '=', before)
            .executeTakeFirst()
        ).numUpdatedRows;
  if ((changed ?? 0n) > 0n) return;
  throw new Conflict(
    before === 0
      ? `${incident.scope.kind} ${incident.scope.id} has an open incident for ${incident.criterion} already`
      : `incident ${incident.id} is no longer at revision ${before}`,
  );
}
