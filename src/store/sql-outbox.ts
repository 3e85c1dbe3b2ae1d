import { type Kysely, sql } from 'kysely';
import { EffectRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';
import { writeIncident } from './write-incident.ts';

const LEASE = 'outbox';

/** The outbox over any SQL database. */
export function createSqlOutbox(db: Kysely<Tables>, run: <T>(work: () => Promise<T>) => Promise<T>): Outbox {
  return {
    lease: (holder, now, forMs) =>
      run(async () => {
        const expires = new Date(now.getTime() + forMs).toISOString();
        await db
          .insertInto('lease')
          .values({ name: LEASE, holder, expires_at: expires })
          .onConflict((conflict) =>
            conflict
              .column('name')
              .doUpdateSet({ holder, expires_at: expires })
              .where((is) =>
                is.or([is('lease.holder', '=', holder), is('lease.expires_at', '<=', now.toISOString())]),
              ),
          )
          .execute();
        const row = await db
          .selectFrom('lease')
          .select('holder')
          .where('name', '=', LEASE)
          .executeTakeFirst();
        return row?.holder === holder;
      }),
    release: (holder) =>
      run(async () => {
        await db.deleteFrom('lease').where('name', '=', LEASE).where('holder', '=', holder).execute();
      }),

    next: (now) =>
      run(async () => {
        const row = await firstOfEachIncident(db)
          .innerJoin('incident', 'incident.id', 'effect.incident')
          .select('incident.record as incident_record')
          .where('effect.not_before', '<=', now.toISOString())
          .limit(1)
          .executeTakeFirst();
        if (row === undefined) return null;
        return {
          effect: readRecord(EffectRecord, row.record, `effect ${row.id}`),
          incident: readRecord(IncidentRecord, row.incident_record, `incident ${row.incident}`),
          // One sender at a time: what is in flight while nobody sends was cut off by a crash.
          state: row.state === 'pending' ? ('pending' as const) : ('ambiguous' as const),
          attempts: row.attempts,
          firstAttemptAt: dateOrNull(row.first_attempt_at),
          lastAttemptAt: dateOrNull(row.last_attempt_at),
          lastError: row.last_error,
        };
      }),
    nextDue: () =>
      run(async () => {
        const rows = await firstOfEachIncident(db).execute();
        const due = rows.map(({ not_before }) => not_before).toSorted()[0];
        return due === undefined ? null : new Date(due);
      }),

    sending: (effect, now) =>
      run(async () => {
        const at = now.toISOString();
        await db
          .updateTable('effect')
          .set((row) => ({
            state: 'in-flight' as const,
            attempts: row('attempts', '+', 1),
            first_attempt_at: sql<string>`coalesce(first_attempt_at, ${at})`,
            last_attempt_at: at,
          }))
          .where('id', '=', effect)
          .execute();
      }),
    delivered: (effect, _now, change) =>
      run(() =>
        db.transaction().execute(async (tx) => {
          await tx
            .updateTable('effect')
            .set({ state: 'delivered', last_error: null })
            .where('id', '=', effect)
            .execute();
          if (change === null) return;
          const { incident, event } = change;
          await writeIncident(tx, incident, event.revision - 1);
          const { revision } = event;
          await tx
            .insertInto('incident_event')
            .values({ incident: incident.id, revision, record: JSON.stringify(event) })
            .execute();
        }),
      ),
    failed: (effect, { state, notBefore, error }) =>
      run(async () => {
        await db
          .updateTable('effect')
          .set({ state, not_before: notBefore.toISOString(), last_error: error })
          .where('id', '=', effect)
          .execute();
      }),
    status: () =>
      run(async () => {
        const rows = await db
          .selectFrom('effect')
          .select(['created_at', 'last_error'])
          .where('state', '<>', 'delivered')
          .orderBy('position')
          .execute();
        return {
          pending: rows.length,
          oldestAt: dateOrNull(rows[0]?.created_at ?? null),
          lastError: rows.find(({ last_error }) => last_error !== null)?.last_error ?? null,
        };
      }),
  };
}

/** Effects of one incident are told in the order they were committed: only the first undelivered one may go. */
function firstOfEachIncident(db: Kysely<Tables>) {
  return db
    .selectFrom('effect')
    .selectAll('effect')
    .where('effect.state', '<>', 'delivered')
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('effect as earlier')
            .select('earlier.id')
            .whereRef('earlier.incident', '=', 'effect.incident')
            .whereRef('earlier.position', '<', 'effect.position')
            .where('earlier.state', '<>', 'delivered'),
        ),
      ),
    )
    .orderBy('effect.position');
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
