import { Kysely } from 'kysely';
import { migrate } from './migrate.ts';
import type { Tables } from './schema.ts';
import { createSqlStore } from './sql-store.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { explainStoreError } from './store-error.ts';
import type { Store } from './store.ts';

/**
 * The embedded store: one file, one process.
 * @throws StoreError: `locked`, `corrupt`, `unwritable`, `newer`, `foreign` or `full`.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  const database = openSqliteFile(path);
  const dialect = sqliteDialect(database, (error) => explainStoreError(path, error));
  const db = new Kysely<Tables>({ dialect });
  try {
    await migrate(db, path);
    // Only one process may have the file open: whoever held the lease is dead.
    await db.deleteFrom('lease').execute();
    return createSqlStore(db);
  } catch (error) {
    database.close();
    throw error;
  }
}
