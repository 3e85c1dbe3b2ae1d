import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SQLite from 'better-sqlite3';
import { explainStoreError } from './store-error.ts';
import { StoreError } from './store.ts';

/** A predecessor that is just ending gets this long to let go of the file. */
const LOCK_WAIT_MS = 1_000;

/**
 * Opens the file, making it and its folder where they are missing, and checks that it is sound and ours. Every commit
 * is on disk before it returns (WAL, synchronous=FULL); the exclusive lock keeps a second service away.
 * @throws StoreError: `locked`, `corrupt`, `unwritable`, `foreign` or `full`.
 */
export function openSqliteFile(path: string): SQLite.Database {
  let database: SQLite.Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
    // Made with its final mode, so that it is at no moment open to others; the log beside it gets the same.
    closeSync(openSync(path, 'a', 0o600));
    database = new SQLite(path, { timeout: LOCK_WAIT_MS });
    claim(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw explainStoreError(path, error);
  }
}

function claim(database: SQLite.Database, path: string): void {
  // The first read takes the lock, and closing gives it back.
  database.pragma('locking_mode = EXCLUSIVE');
  refuseForeign(database, path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const checked = database.pragma('quick_check(1)', { simple: true });
  if (checked !== 'ok') throw Object.assign(new Error(String(checked)), { code: 'SQLITE_CORRUPT' });
}

/** Before anything is changed: a wrong path must not take another program's database over. */
function refuseForeign(database: SQLite.Database, path: string): void {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  if (tables.length === 0 || tables.includes('kysely_migration')) return;
  throw new StoreError(
    'foreign',
    `${path} is the database of another program. It was left as it is: give hubcanary a file of its own`,
  );
}
