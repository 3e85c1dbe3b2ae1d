import type { Kysely } from 'kysely';
import { ACTIVE_STATES } from '../core/incident.ts';
import { pausedUntil } from './sql-lanes.ts';
import { EffectRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';

/** Which effect of a notifier is to be sent next, and when. */
export function dueIn(db: Kysely<Tables>): Pick<Outbox, 'next' | 'nextDue'> {
  return {
    async next(notifier, now) {
      const paused = await pausedUntil(db, notifier);
      if (paused !== null && isPaused(paused, now)) return null;
      const row = await firstOfEachIncident(db, notifier)
        .innerJoin('incident', 'incident.id', 'effect.incident')
        .selectAll('effect')
        .select('incident.record as incident_record')
        .where((is) =>
          is.or([
            // What was never tried waits for nothing, whatever the clock said when it was decided.
            is('effect.attempts', '=', 0),
            is('effect.not_before', '<=', now.toISOString()),
            is('effect.not_before', '>', farOff(now)),
          ]),
        )
        // What goes on is told before what is over: there may be a long queue.
        .orderBy((is) => is.case().when('incident.state', 'in', ACTIVE_STATES).then(0).else(1).end())
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
    async nextDue(notifier) {
      const row = await firstOfEachIncident(db, notifier)
        .select('effect.not_before')
        .orderBy('effect.not_before')
        .limit(1)
        .executeTakeFirst();
      const due = dateOrNull(row?.not_before ?? null);
      const paused = await pausedUntil(db, notifier);
      return due !== null && paused !== null && paused > due ? paused : due;
    },
  };
}

/** Further in the future means that the clock was set back: then it says nothing, and a declaration waits for no clock. */
const LONGEST_WAIT_MS = 2 * 3_600_000;

function farOff(now: Date): string {
  return new Date(now.getTime() + LONGEST_WAIT_MS).toISOString();
}

function isPaused(until: Date, now: Date): boolean {
  const left = until.getTime() - now.getTime();
  return left > 0 && left <= LONGEST_WAIT_MS;
}

/** Effects of one incident are told in the order of its log: only the first undelivered one of a notifier may go. */
function firstOfEachIncident(db: Kysely<Tables>, notifier: string) {
  return db
    .selectFrom('effect')
    .where('effect.notifier', '=', notifier)
    .where('effect.state', '<>', 'delivered')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('effect as earlier')
            .select('earlier.id')
            .where('earlier.notifier', '=', notifier)
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
