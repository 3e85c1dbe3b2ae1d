import type { Kysely } from 'kysely';
import type { Run } from '../core/run.ts';
import { BegunRunRecord, RunRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** Runs: noted when they begin, read when they are recorded. */
export function runsIn(
  db: Kysely<Tables>,
): Pick<Store, 'begin' | 'unfinished' | 'recentRuns' | 'run' | 'runs'> {
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
