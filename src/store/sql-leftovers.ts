import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import { type Leftover, firstRetry, isGoneWith } from '../core/leftover.ts';
import { OWNED_KINDS, type Owned, type Run } from '../core/run.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** What runs left behind on hubs, until it is gone. */
export function leftoversIn(
  db: Kysely<Tables>,
): Pick<Store, 'leftovers' | 'leftoversGone' | 'leftoversTried'> {
  return {
    async leftovers() {
      const rows = await db.selectFrom('leftover').selectAll().orderBy('since').orderBy('thing').execute();
      return rows.map(leftoverOf);
    },
    leftoversGone: ({ hub, account, removed }) =>
      db.transaction().execute((tx) => forget(tx, { hub, account, removed })),
    async leftoversTried({ hub, account, notBefore, error }) {
      await db
        .updateTable('leftover')
        .set(({ eb }) => ({
          attempts: eb('attempts', '+', 1),
          not_before: notBefore,
          last_error: error,
        }))
        .where('hub', '=', hub)
        .where('account', '=', account)
        .execute();
    },
  };
}

/** A run's own cleanup: what it removed is gone, what it left is on record from now on. */
export async function writeLeftovers(tx: Transaction<Tables>, run: Run): Promise<void> {
  const { hub, account, cleanup } = run;
  // Nobody knows whose it is: such records are from before accounts were noted.
  if (account === null) return;
  await forget(tx, { hub, account, removed: cleanup.removed });
  for (const { kind, id } of cleanup.left) {
    await tx
      .insertInto('leftover')
      .values({
        hub,
        account,
        kind,
        thing: id,
        run: run.id,
        since: run.finishedAt,
        attempts: 0,
        not_before: firstRetry(run.finishedAt),
        last_error: null,
      })
      .onConflict((conflict) => conflict.columns(['hub', 'account', 'kind', 'thing']).doNothing())
      .execute();
  }
}

async function forget(
  tx: Transaction<Tables>,
  { hub, account, removed }: { hub: string; account: string; removed: readonly Owned[] },
): Promise<void> {
  const rows = await tx
    .selectFrom('leftover')
    .selectAll()
    .where('hub', '=', hub)
    .where('account', '=', account)
    .execute();
  for (const { kind, id } of rows.map(leftoverOf).filter((thing) => isGoneWith(removed, thing))) {
    await tx
      .deleteFrom('leftover')
      .where('hub', '=', hub)
      .where('account', '=', account)
      .where('kind', '=', kind)
      .where('thing', '=', id)
      .execute();
  }
}

function leftoverOf({ thing, not_before, last_error, kind, ...row }: Tables['leftover']): Leftover {
  const known = z.enum(OWNED_KINDS).parse(kind);
  return { ...row, kind: known, id: thing, notBefore: not_before, lastError: last_error };
}
