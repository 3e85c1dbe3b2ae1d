import type { Kysely } from 'kysely';
import { EffectRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';

/** How the lanes of the notifiers stand. */
export function lanesIn(db: Kysely<Tables>): Pick<Outbox, 'pause' | 'unsettled' | 'repeated' | 'status'> {
  return {
    async pause(notifier, until) {
      const paused_until = until.toISOString();
      await db
        .insertInto('lane')
        .values({ notifier, paused_until })
        .onConflict((conflict) => conflict.column('notifier').doUpdateSet({ paused_until }))
        .execute();
    },
    async unsettled(notifier, since) {
      const ofNotifier = db.selectFrom('effect').select('incident').where('notifier', '=', notifier);
      const rows = await ofNotifier
        .where('state', '<>', 'delivered')
        .union(ofNotifier.where('state', '=', 'delivered').where('delivered_at', '>=', since.toISOString()))
        .execute();
      return new Set(rows.map(({ incident }) => incident));
    },
    async repeated(notifier, since) {
      const rows = await db
        .selectFrom('effect')
        .innerJoin('incident', 'incident.id', 'effect.incident')
        .select([
          'effect.id',
          'effect.record',
          'effect.incident',
          'effect.first_attempt_at',
          'effect.delivered_at',
        ])
        .select('incident.record as incident_record')
        .where('effect.notifier', '=', notifier)
        .where('effect.state', '=', 'delivered')
        .where('effect.delivered_at', '>=', since.toISOString())
        .where('effect.attempts', '>', 1)
        .orderBy('effect.delivered_at')
        .execute();
      return rows.map((row) => ({
        deliveredAt: new Date(row.delivered_at ?? 0),
        effect: readRecord(EffectRecord, row.record, `effect ${row.id}`),
        incident: readRecord(IncidentRecord, row.incident_record, `incident ${row.incident}`),
        firstAttemptAt: new Date(row.first_attempt_at ?? 0),
      }));
    },
    async status() {
      const counts = await db
        .selectFrom('effect')
        .select(({ fn }) => [
          'notifier',
          fn.countAll<number>().as('pending'),
          fn.min('created_at').as('oldest'),
        ])
        .where('state', '<>', 'delivered')
        .groupBy('notifier')
        .orderBy('notifier')
        .execute();
      const errors = await db
        .selectFrom('effect')
        .select(['notifier', 'last_error'])
        .where('state', '<>', 'delivered')
        .where('last_error', 'is not', null)
        .orderBy('last_attempt_at', 'desc')
        .execute();
      const lanes = counts.map(({ notifier, pending, oldest }) => ({
        notifier,
        pending,
        oldestAt: new Date(oldest),
        lastError: errors.find((row) => row.notifier === notifier)?.last_error ?? null,
      }));
      const [first = null] = lanes.map(({ oldestAt }) => oldestAt).toSorted((a, b) => +a - +b);
      return {
        pending: lanes.reduce((sum, { pending }) => sum + pending, 0),
        oldestAt: first,
        lastError: errors[0]?.last_error ?? null,
        lanes,
      };
    },
  };
}

/** Null when it never was paused. */
export async function pausedUntil(db: Kysely<Tables>, notifier: string): Promise<Date | null> {
  const row = await db
    .selectFrom('lane')
    .select('paused_until')
    .where('notifier', '=', notifier)
    .executeTakeFirst();
  return row === undefined ? null : new Date(row.paused_until);
}
