import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import { idempotencyKeysIn } from './sql-idempotency-keys.ts';
import { incidentsIn } from './sql-incidents.ts';
import { leftoversIn } from './sql-leftovers.ts';
import { outboxIn } from './sql-outbox.ts';
import { pruneIn } from './sql-prune.ts';
import { runsIn } from './sql-runs.ts';
import { verdictsIn } from './sql-verdicts.ts';
import type { Store } from './store.ts';
import { writeCommit } from './write-commit.ts';

/** The store over any SQL database that kysely speaks to, whose tables are up to date. */
export function createSqlStore(db: Kysely<Tables>): Store {
  return {
    ...runsIn(db),
    ...pruneIn(db),
    ...verdictsIn(db),
    ...incidentsIn(db),
    ...idempotencyKeysIn(db),
    ...leftoversIn(db),
    outbox: outboxIn(db),
    commit: (commit) => db.transaction().execute((tx) => writeCommit(tx, commit)),
    close: () => db.destroy(),
    latestId: () => latestId(db),
    async ping() {
      const now = new Date().toISOString();
      await db
        .insertInto('lease')
        .values({ name: 'ping', holder: '', expires_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ expires_at: now }))
        .execute();
    },
  };
}

async function latestId(db: Kysely<Tables>): Promise<string | null> {
  const ids = await Promise.all(
    (['run', 'begun_run', 'incident', 'effect'] as const).map((table) =>
      db.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirst(),
    ),
  );
  return (
    ids
      .flatMap((row) => (row === undefined ? [] : [row.id]))
      .toSorted()
      .at(-1) ?? null
  );
}
