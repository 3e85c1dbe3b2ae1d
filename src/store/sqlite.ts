import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Tables } from './schema.ts';
import { createSqlStore } from './sql-store.ts';
import { StoreError, explainStoreError } from './store-error.ts';
import type { Store } from './store.ts';

/**
 * The embedded store: one file, one process. Every commit is on disk before it returns (WAL, synchronous=FULL), and the
 * exclusive lock keeps a second service away from the file.
 * @throws StoreError: `locked`, `corrupt`, `unwritable`, `newer` or `full`.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const explain = (error: unknown) => explainStoreError(path, error);
  let database: SQLite.Database | null = null;
  try {
    database = openDatabase(path);
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: forgivingRollback(database) }) });
    await migrate(db, path);
    // Only one process may have the file open: whoever held the lease is dead.
    await db.deleteFrom('lease').execute();
    return createSqlStore({ db, explain, close: () => db.destroy() });
  } catch (error) {
    database?.close();
    throw explain(error);
  }
}

function openDatabase(path: string): SQLite.Database {
  mkdirSync(dirname(path), { recursive: true });
  accessSync(dirname(path), constants.W_OK);
  const database = new SQLite(path, { timeout: 0 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    const checked = database.pragma('quick_check(1)', { simple: true });
    if (checked !== 'ok') {
      throw Object.assign(new Error(String(checked)), { code: 'SQLITE_CORRUPT' });
    }
    // In WAL mode the lock is taken by the first write.
    database.exec('BEGIN IMMEDIATE; COMMIT');
    chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** On a full disk SQLite has rolled back by itself: a second rollback would fail and hide why. */
function forgivingRollback(database: SQLite.Database): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (query) =>
      database.prepare(query === 'rollback' && !database.inTransaction ? 'select 1' : query),
  };
}

async function migrate(db: Kysely<Tables>, path: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (error instanceof Error && /corrupted migrations/.test(error.message)) {
    throw new StoreError(
      'newer',
      `the store ${path} was written by a newer hubcanary: use that version, or a copy from before it`,
      error,
    );
  }
  throw error;
}
