import { type Kysely, sql } from 'kysely';
import type { Tables } from './schema.ts';
import { leaseIn } from './sql-lease.ts';
import { dueIn } from './sql-due.ts';
import { lanesIn } from './sql-lanes.ts';
import { Conflict, type Outbox } from './store.ts';
import { writeIncident } from './write-incident.ts';

/** The outbox over any SQL database. What is delivered stays so, whatever a sender that lost its lease reports later. */
export function outboxIn(db: Kysely<Tables>): Outbox {
  return {
    ...leaseIn(db),
    ...dueIn(db),
    ...lanesIn(db),
    async sending(effect, now) {
      const at = now.toISOString();
      const { numUpdatedRows } = await undelivered(db, effect)
        .set((row) => ({
          state: 'in-flight' as const,
          attempts: row('attempts', '+', 1),
          first_attempt_at: sql<string>`coalesce(first_attempt_at, ${at})`,
          last_attempt_at: at,
        }))
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new Conflict(`effect ${effect} is out already`);
    },
    delivered: (effect, now, change) =>
      db.transaction().execute(async (tx) => {
        const { numUpdatedRows } = await undelivered(tx, effect)
          .set({ state: 'delivered', delivered_at: now.toISOString(), last_error: null })
          .executeTakeFirst();
        if (numUpdatedRows === 0n || change === null) return;
        await writeIncident(tx, change.incident, [change.event]);
      }),
    async failed(effect, { state, notBefore, error }) {
      await undelivered(db, effect)
        .set({ state, not_before: notBefore.toISOString(), last_error: error })
        .execute();
    },
  };
}

function undelivered(db: Kysely<Tables>, effect: string) {
  return db.updateTable('effect').where('id', '=', effect).where('state', '<>', 'delivered');
}
