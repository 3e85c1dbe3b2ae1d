import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { Outbox } from './store.ts';

const CLOCKS_DIFFER_MS = 3_600_000;

/** The right to send for a notifier, which one holder has at a time. */
export function leaseIn(db: Kysely<Tables>): Pick<Outbox, 'lease' | 'release'> {
  return {
    async lease(notifier, holder, now, forMs) {
      const name = nameOf(notifier);
      const taken = { holder, expires_at: new Date(now.getTime() + forMs).toISOString() };
      await db
        .insertInto('lease')
        .values({ name, ...taken })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet(taken)
            .where((is) =>
              is.or([
                is('lease.holder', '=', holder),
                is('lease.expires_at', '<=', now.toISOString()),
                // Nobody takes it for so long, and clocks of several machines do not differ so much: this one was set back.
                is('lease.expires_at', '>', new Date(now.getTime() + forMs + CLOCKS_DIFFER_MS).toISOString()),
              ]),
            ),
        )
        .execute();
      const row = await db.selectFrom('lease').select('holder').where('name', '=', name).executeTakeFirst();
      return row?.holder === holder;
    },
    async release(notifier, holder) {
      await db
        .deleteFrom('lease')
        .where('name', '=', nameOf(notifier))
        .where('holder', '=', holder)
        .execute();
    },
  };
}

/** The table holds other rights too. */
function nameOf(notifier: string): string {
  return `outbox ${notifier}`;
}
