import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { type CompiledQuery, Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Tables } from '../../src/store/schema.ts';
import { runsIn } from '../../src/store/sql-runs.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { openSqliteFile } from '../../src/store/sqlite-file.ts';
import { aRun } from '../build/run.ts';
import { storeContract } from './contract.ts';
import { nothing } from './contract/fixture.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'data', 'hubcanary.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name?: string) =>
  openStore({ kind: 'sqlite', path: name === undefined ? path : join(folder, `${name}.db`) });

storeContract('sqlite', open);

describe('a SQLite store', () => {
  it('is for its owner only, the log beside it too', async () => {
    const store = await open();
    await store.commit({ ...nothing, run: aRun() });

    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it('has every commit on disk before it returns, and the file to itself', () => {
    const database = openSqliteFile(path);
    const setting = (name: string) => database.pragma(name, { simple: true });

    expect(setting('journal_mode')).toBe('wal');
    expect(setting('synchronous')).toBe(2);
    expect(setting('locking_mode')).toBe('exclusive');
    expect(setting('foreign_keys')).toBe(1);
    database.close();
  });

  it('gives the right to send to whoever opens it next: the last holder is dead', async () => {
    const first = await open();
    await first.outbox.lease('github', 'killed', new Date(), 3_600_000);
    await first.close();

    const second = await open();

    expect(await second.outbox.lease('github', 'next', new Date(), 1_000)).toBe(true);
    await second.close();
  });

  it.each(['{"id":"x"}', 'not even JSON'])(
    'names a row that is not what it should be: %s',
    async (record) => {
      const run = aRun();
      const store = await open();
      await store.commit({ ...nothing, run });
      await store.close();
      const database = new SQLite(path);
      database.prepare('UPDATE run SET record = ?').run(record);
      database.close();

      const again = await open();

      await expect(again.recentRuns('staging', 1)).rejects.toMatchObject({
        code: 'corrupt',
        message: expect.stringContaining(`run ${run.id} in the store`),
      });
      await again.close();
    },
  );

  it.each([
    [{ criterion: 'server' }, 'failed_run'],
    [{ outcome: 'errored' }, 'run_by_outcome'],
    [{ hub: 'staging' }, 'run_by_hub'],
  ] as const)('finds runs among many without reading them all: %j', async (query, index) => {
    const database = openSqliteFile(path);
    const asked: CompiledQuery[] = [];
    const dialect = sqliteDialect(database, (error) => error);
    const db = new Kysely<Tables>({ dialect, log: (event) => void asked.push(event.query) });
    await migrate(db, path);

    await runsIn(db).runs({ ...query, limit: 9 });

    const { sql, parameters } = asked.at(-1) ?? { sql: '', parameters: [] };
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
    expect(JSON.stringify(plan)).toContain(`USING INDEX ${index}`);
    await db.destroy();
  });
});
