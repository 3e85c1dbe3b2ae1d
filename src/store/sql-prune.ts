import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** Rows removed at a time: few enough that nobody waits for it. */
const PRUNED_AT_ONCE = 500;

/** Removes what is old. */
export function pruneIn(db: Kysely<Tables>): Pick<Store, 'prune'> {
  return {
    async prune(before) {
      const instant = before.toISOString();
      const runs = await removeAll(() => removeSomeRuns(db, instant));
      return runs + (await removeAll(() => removeSomeEffects(db, instant)));
    },
  };
}

/** @param removeSome removes up to `PRUNED_AT_ONCE` and says how many */
async function removeAll(removeSome: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (;;) {
    const now = await removeSome();
    removed += now;
    if (now < PRUNED_AT_ONCE) return removed;
    await breathe();
  }
}

async function removeSomeRuns(db: Kysely<Tables>, before: string): Promise<number> {
  const old = db
    .selectFrom('run')
    .select('run.id')
    .where('started_at', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('incident_run').select('incident').whereRef('incident_run.run', '=', 'run.id'))),
    )
    .limit(PRUNED_AT_ONCE);
  const { numDeletedRows } = await db.deleteFrom('run').where('id', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}

async function removeSomeEffects(db: Kysely<Tables>, before: string): Promise<number> {
  const old = db
    .selectFrom('effect')
    .select('id')
    .where('state', '=', 'delivered')
    .where('delivered_at', '<', before)
    .limit(PRUNED_AT_ONCE);
  const { numDeletedRows } = await db.deleteFrom('effect').where('id', 'in', old).executeTakeFirst();
  return Number(numDeletedRows);
}
