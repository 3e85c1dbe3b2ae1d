import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';

const NAME = 'outbox';

/** The right to send, which one holder has at a time. */
export function leaseIn(db: Kysely<Tables>): Pick<Outbox, 'lease' | 'release'> {
  return {
    async lease(holder, now, forMs) {
      const taken = { holder, expires_at: new Date(now.getTime() + forMs).toISOString() };
      await db
        .insertInto('lease')
        .values({ name: NAME, ...taken })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet(taken)
            .where((is) =>
              is.or([is('lease.holder', '=', holder), is('lease.expires_at', '<=', now.toISOString())]),
            ),
        )
        .execute();
      const row = await db.selectFrom('lease').select('holder').where('name', '=', NAME).executeTakeFirst();
      return row?.holder === holder;
    },
    async release(holder) {
      await db.deleteFrom('lease').where('name', '=', NAME).where('holder', '=', holder).execute();
    },
  };
}
