import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

const KEYS_KEPT_MS = 24 * 3600 * 1000;

/** Which request led to which run. */
export function idempotencyKeysIn(
  db: Kysely<Tables>,
): Pick<Store, 'bindIdempotencyKey' | 'findIdempotencyKey'> {
  return {
    async findIdempotencyKey({ key, now }) {
      const row = await db
        .selectFrom('idempotency_key')
        .select('run')
        .where('key', '=', key)
        .where('bound_at', '>', forgottenBy(now))
        .executeTakeFirst();
      return row?.run ?? null;
    },
    bindIdempotencyKey: ({ key, runId, now }) =>
      db.transaction().execute(async (tx) => {
        await tx.deleteFrom('idempotency_key').where('bound_at', '<=', forgottenBy(now)).execute();
        await tx
          .insertInto('idempotency_key')
          .values({ key, run: runId, bound_at: now.toISOString() })
          .onConflict((conflict) => conflict.column('key').doNothing())
          .execute();
        const { run } = await tx
          .selectFrom('idempotency_key')
          .select('run')
          .where('key', '=', key)
          .executeTakeFirstOrThrow();
        return run;
      }),
  };
}

/** Keys bound then or earlier no longer count. */
function forgottenBy(now: Date): string {
  return new Date(now.getTime() - KEYS_KEPT_MS).toISOString();
}
