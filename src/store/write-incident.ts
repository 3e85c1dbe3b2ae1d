import type { Transaction } from 'kysely';
import type { Incident, IncidentEvent } from '../core/incident.ts';
import type { Tables } from './schema.ts';
import { Conflict } from './store.ts';

type Tx = Transaction<Tables>;

/**
 * Appends events to an incident's log and writes the row that they lead to.
 * @throws Conflict when the stored log does not end right before the first of them, or another incident is active or
 * dismissed for the same scope and criterion.
 */
export async function writeIncident(
  tx: Tx,
  incident: Incident,
  events: readonly IncidentEvent[],
): Promise<void> {
  const before = incident.revision - events.length;
  if (events.length === 0 || events.some(({ revision }, index) => revision !== before + 1 + index)) {
    throw new Error(
      `bug: the events of incident ${incident.id} do not lead to revision ${incident.revision}`,
    );
  }
  if (before === 0) await insertRow(tx, incident);
  else await updateRow(tx, incident, before);
  for (const event of events) {
    const row = { incident: incident.id, revision: event.revision, record: JSON.stringify(event) };
    await tx.insertInto('incident_event').values(row).execute();
  }
  await keepRuns(tx, incident, events);
}

async function insertRow(tx: Tx, incident: Incident): Promise<void> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('incident')
    .values(rowOf(incident))
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if ((numInsertedOrUpdatedRows ?? 0n) > 0n) return;
  throw alreadyLookedAfter(incident);
}

function alreadyLookedAfter({ scope, criterion }: Incident): Conflict {
  return new Conflict(`${scope.kind} ${scope.id} has an incident for ${criterion} already`);
}

/** Whether a unique index refused it. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_CONSTRAINT_UNIQUE';
}

async function updateRow(tx: Tx, incident: Incident, before: number): Promise<void> {
  const { numUpdatedRows } = await tx
    .updateTable('incident')
    .set(rowOf(incident))
    .where('id', '=', incident.id)
    .where('revision', '=', before)
    .executeTakeFirst()
    .catch((error: unknown) => {
      throw isTaken(error) ? alreadyLookedAfter(incident) : error;
    });
  if (numUpdatedRows > 0n) return;
  throw new Conflict(`incident ${incident.id} is no longer at revision ${before}`);
}

function rowOf(incident: Incident): Tables['incident'] {
  return {
    id: incident.id,
    scope_kind: incident.scope.kind,
    scope_id: incident.scope.id,
    criterion: incident.criterion,
    state: incident.state,
    revision: incident.revision,
    record: JSON.stringify(incident),
  };
}

/** The runs that an incident speaks of outlive the others. */
async function keepRuns(tx: Tx, incident: Incident, events: readonly IncidentEvent[]): Promise<void> {
  const named = events.flatMap(({ data }) => [
    data.run,
    data.lastFailedRun,
    ...(data.members ?? []).flatMap(({ firstRun, lastFailedRun }) => [firstRun, lastFailedRun]),
  ]);
  for (const run of new Set([incident.firstRun, incident.lastFailedRun, ...named])) {
    if (run === undefined) continue;
    await tx
      .insertInto('incident_run')
      .values({ run, incident: incident.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}
