import type { Kysely } from 'kysely';
import { EffectRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';

/** Which effect is to be sent next, and when; how much waits. */
export function dueIn(db: Kysely<Tables>): Pick<Outbox, 'next' | 'nextDue' | 'status'> {
  return {
    async next(now) {
      const row = await firstOfEachIncident(db)
        .innerJoin('incident', 'incident.id', 'effect.incident')
        .selectAll('effect')
        .select('incident.record as incident_record')
        .where('effect.not_before', '<=', now.toISOString())
        .orderBy('effect.created_at')
        .orderBy('effect.revision')
        .orderBy('effect.id')
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
    },
    async nextDue() {
      const row = await firstOfEachIncident(db)
        .select('effect.not_before')
        .orderBy('effect.not_before')
        .limit(1)
        .executeTakeFirst();
      return dateOrNull(row?.not_before ?? null);
    },
    async status() {
      const waiting = db.selectFrom('effect').where('state', '<>', 'delivered');
      const { pending, oldest } = await waiting
        .select(({ fn }) => [fn.countAll<number>().as('pending'), fn.min('created_at').as('oldest')])
        .executeTakeFirstOrThrow();
      const latest = await waiting
        .select('last_error')
        .where('last_error', 'is not', null)
        .orderBy('last_attempt_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return { pending, oldestAt: dateOrNull(oldest), lastError: latest?.last_error ?? null };
    },
  };
}

/** Effects of one incident are told in the order of its log: only the first undelivered one may go. */
function firstOfEachIncident(db: Kysely<Tables>) {
  return db
    .selectFrom('effect')
    .where('effect.state', '<>', 'delivered')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('effect as earlier')
            .select('earlier.id')
            .whereRef('earlier.incident', '=', 'effect.incident')
            .where('earlier.state', '<>', 'delivered')
            .where(({ eb, refTuple }) =>
              eb(
                refTuple('earlier.revision', 'earlier.created_at', 'earlier.ordinal', 'earlier.id'),
                '<',
                refTuple('effect.revision', 'effect.created_at', 'effect.ordinal', 'effect.id'),
              ),
            ),
        ),
      ),
    );
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
