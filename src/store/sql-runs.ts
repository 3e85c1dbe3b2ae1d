import { setImmediate as breathe } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Run } from '../core/run.ts';
import { BegunRunRecord, RunRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** Rows removed at a time: few enough that nobody waits for it. */
const PRUNED_AT_ONCE = 500;

/** Runs: noted when they begin, read when they are recorded, removed when they are old. */
export function runsIn(
  db: Kysely<Tables>,
): Pick<Store, 'begin' | 'unfinished' | 'recentRuns' | 'run' | 'runs' | 'prune'> {
  return {
    async begin(begun) {
      const row = { id: begun.id, started_at: begun.startedAt, record: JSON.stringify(begun) };
      await db.insertInto('begun_run').values(row).execute();
    },
    async unfinished() {
      const rows = await db.selectFrom('begun_run').selectAll().orderBy('started_at').orderBy('id').execute();
      return rows.map(({ id, record }) => readRecord(BegunRunRecord, record, `begun run ${id}`));
    },
    recentRuns: (hub, limit) => find(db, { hub, limit }),
    runs: (query) => find(db, query),
    async run(id) {
      const row = await db.selectFrom('run').select(['id', 'record']).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : runOf(row);
    },
    async prune(before) {
      let removed = 0;
      for (;;) {
        const now = await removeSome(db, before.toISOString());
        removed += now;
        if (now < PRUNED_AT_ONCE) return removed;
        await breathe();
      }
    },
  };
}

async function find(
  db: Kysely<Tables>,
  { hub, outcome, criterion, before, limit }: Parameters<Store['runs']>[0],
): Promise<readonly Run[]> {
  let query = db.selectFrom('run').select(['id', 'record']).orderBy('id', 'desc').limit(limit);
  if (hub !== undefined) query = query.where('hub', '=', hub);
  if (outcome !== undefined) query = query.where('outcome', '=', outcome);
  if (before !== undefined) query = query.where('id', '<', before);
  if (criterion !== undefined) {
    // The first condition is what lets the index of failed runs be used.
    query = query.where('failed_criteria', '<>', '').where('failed_criteria', 'like', `%,${criterion},%`);
  }
  return (await query.execute()).map(runOf);
}

function runOf({ id, record }: { id: string; record: string }): Run {
  return readRecord(RunRecord, record, `run ${id}`);
}

async function removeSome(db: Kysely<Tables>, before: string): Promise<number> {
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
