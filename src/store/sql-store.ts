import type { Kysely, Transaction } from 'kysely';
import type { Incident } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import {
  BegunRunRecord,
  IncidentEventRecord,
  IncidentRecord,
  RunRecord,
  VerdictRecord,
  readRecord,
} from './records.ts';
import type { Tables } from './schema.ts';
import { createSqlOutbox } from './sql-outbox.ts';
import type { Commit, Store } from './store.ts';
import { writeIncident } from './write-incident.ts';

const KEYS_KEPT_MS = 24 * 3600 * 1000;

/** What differs between the databases. */
export interface Engine {
  readonly db: Kysely<Tables>;
  /** Turns the driver's errors into ones that say what to do. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

/** The store over any SQL database that kysely speaks to; every call goes through `explain`. */
export function createSqlStore(engine: Engine): Store {
  const { db } = engine;
  const run = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw engine.explain(error);
    });

  return {
    outbox: createSqlOutbox(db, run),
    close: () => engine.close(),
    ping: () =>
      run(async () => {
        const now = new Date().toISOString();
        await db
          .insertInto('lease')
          .values({ name: 'ping', holder: '', expires_at: now })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ expires_at: now }))
          .execute();
      }),

    begin: (begun) =>
      run(async () => {
        const row = { id: begun.id, started_at: begun.startedAt, record: JSON.stringify(begun) };
        await db.insertInto('begun_run').values(row).execute();
      }),
    unfinished: () =>
      run(async () => {
        const rows = await db.selectFrom('begun_run').selectAll().orderBy('id').execute();
        return rows.map(({ id, record }) => readRecord(BegunRunRecord, record, `begun run ${id}`));
      }),

    commit: (commit) => run(() => db.transaction().execute((tx) => commitAll(tx, commit))),

    recentRuns: (hub, limit) =>
      run(async () =>
        runsOf(
          await db
            .selectFrom('run')
            .selectAll()
            .where('hub', '=', hub)
            .orderBy('id', 'desc')
            .limit(limit)
            .execute(),
        ),
      ),
    run: (id) =>
      run(
        async () => runsOf(await db.selectFrom('run').selectAll().where('id', '=', id).execute())[0] ?? null,
      ),
    runs: ({ hub, outcome, criterion, before, limit }) =>
      run(async () => {
        let query = db.selectFrom('run').selectAll().orderBy('id', 'desc').limit(limit);
        if (hub !== undefined) query = query.where('hub', '=', hub);
        if (outcome !== undefined) query = query.where('outcome', '=', outcome);
        if (criterion !== undefined) query = query.where('failed_criteria', 'like', `%,${criterion},%`);
        if (before !== undefined) query = query.where('id', '<', before);
        return runsOf(await query.execute());
      }),
    verdicts: () =>
      run(async () => {
        const rows = await db.selectFrom('verdict').selectAll().orderBy('hub').orderBy('criterion').execute();
        return rows.map(({ hub, criterion, record }) =>
          readRecord(VerdictRecord, record, `verdict ${hub} ${criterion}`),
        );
      }),
    credentialProven: (hub, username) =>
      run(async () => {
        const row = await db
          .selectFrom('proven_credential')
          .select('hub')
          .where('hub', '=', hub)
          .where('username', '=', username)
          .executeTakeFirst();
        return row !== undefined;
      }),

    incident: (id) =>
      run(
        async () =>
          incidentsOf(await db.selectFrom('incident').selectAll().where('id', '=', id).execute())[0] ?? null,
      ),
    openIncidents: () =>
      run(async () =>
        incidentsOf(
          await db
            .selectFrom('incident')
            .selectAll()
            .where('state', '<>', 'resolved')
            .orderBy('id')
            .execute(),
        ),
      ),
    incidents: ({ before, limit }) =>
      run(async () => {
        let query = db.selectFrom('incident').selectAll().orderBy('id', 'desc').limit(limit);
        if (before !== undefined) query = query.where('id', '<', before);
        return incidentsOf(await query.execute());
      }),
    incidentEvents: (incident) =>
      run(async () => {
        const rows = await db
          .selectFrom('incident_event')
          .selectAll()
          .where('incident', '=', incident)
          .orderBy('revision')
          .execute();
        return rows.map(({ revision, record }) =>
          readRecord(IncidentEventRecord, record, `event ${revision} of incident ${incident}`),
        );
      }),

    bindIdempotencyKey: ({ key, runId, now }) =>
      run(() =>
        db.transaction().execute(async (tx) => {
          const oldest = new Date(now.getTime() - KEYS_KEPT_MS).toISOString();
          await tx.deleteFrom('idempotency_key').where('bound_at', '<', oldest).execute();
          const bound = { key, run: runId, bound_at: now.toISOString() };
          await tx
            .insertInto('idempotency_key')
            .values(bound)
            .onConflict((conflict) => conflict.column('key').doNothing())
            .execute();
          const row = await tx
            .selectFrom('idempotency_key')
            .select('run')
            .where('key', '=', key)
            .executeTakeFirstOrThrow();
          return row.run;
        }),
      ),
  };
}

function runsOf(rows: readonly { id: string; record: string }[]): readonly Run[] {
  return rows.map(({ id, record }) => readRecord(RunRecord, record, `run ${id}`));
}

function incidentsOf(rows: readonly { id: string; record: string }[]): readonly Incident[] {
  return rows.map(({ id, record }) => readRecord(IncidentRecord, record, `incident ${id}`));
}

async function commitAll(tx: Transaction<Tables>, commit: Commit): Promise<boolean> {
  if (commit.run !== null && !(await insertRun(tx, commit.run))) return false;
  for (const verdict of commit.verdicts) {
    const row = { hub: verdict.hub, criterion: verdict.criterion, record: JSON.stringify(verdict) };
    await tx
      .insertInto('verdict')
      .values(row)
      .onConflict((conflict) => conflict.columns(['hub', 'criterion']).doUpdateSet({ record: row.record }))
      .execute();
  }
  if (commit.proven !== null) {
    const { hub, username } = commit.proven;
    await tx
      .insertInto('proven_credential')
      .values({ hub, username })
      .onConflict((conflict) => conflict.columns(['hub', 'username']).doNothing())
      .execute();
  }
  for (const incident of commit.incidents) {
    const events = commit.events.filter((event) => event.incident === incident.id);
    await writeIncident(tx, incident, incident.revision - events.length);
  }
  for (const event of commit.events) {
    const { incident, revision } = event;
    await tx
      .insertInto('incident_event')
      .values({ incident, revision, record: JSON.stringify(event) })
      .execute();
  }
  for (const effect of commit.effects) {
    await tx
      .insertInto('effect')
      .values({
        id: effect.id,
        incident: effect.incident,
        revision: effect.revision,
        kind: effect.kind,
        created_at: effect.createdAt,
        record: JSON.stringify(effect),
        state: 'pending',
        attempts: 0,
        first_attempt_at: null,
        last_attempt_at: null,
        not_before: effect.createdAt,
        last_error: null,
      })
      .execute();
  }
  return true;
}

/** @returns false when the run is recorded already. */
async function insertRun(tx: Transaction<Tables>, run: Run): Promise<boolean> {
  const failed = Object.entries(run.criteria).flatMap(([name, result]) =>
    result === 'failed' ? [name] : [],
  );
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('run')
    .values({
      id: run.id,
      hub: run.hub,
      outcome: run.outcome,
      failed_criteria: `,${failed.join(',')},`,
      started_at: run.startedAt,
      record: JSON.stringify(run),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  await tx.deleteFrom('begun_run').where('id', '=', run.id).execute();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
