import type { Database, Statement } from 'better-sqlite3';
import {
  type Dialect,
  type DialectAdapter,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteStatement,
} from 'kysely';

const MOST_PREPARED = 500;

/** How kysely speaks to SQLite here. @param explain turns the driver's errors into ones that say what to do */
export function sqliteDialect(database: Database, explain: (error: unknown) => unknown): Dialect {
  return new TransactionalDialect({ database: explaining(database, explain) });
}

/** SQLite can roll back changes of tables; with it, a migration that is cut off leaves nothing half made. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class TransactionalDialect extends SqliteDialect {
  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }
}

function explaining(database: Database, explain: (error: unknown) => unknown): SqliteDatabase {
  const explained = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw explain(error);
    }
  };
  // Our queries are few and come again and again; the driver finalises what is dropped.
  const prepared = new Map<string, Statement>();
  const prepareOnce = (query: string): Statement => {
    const known = prepared.get(query);
    if (known !== undefined) return known;
    const statement = database.prepare(query);
    if (prepared.size >= MOST_PREPARED) prepared.clear();
    prepared.set(query, statement);
    return statement;
  };
  return {
    close: () => void database.close(),
    prepare(query): SqliteStatement {
      // On a full disk SQLite has rolled back by itself: a second rollback would fail and hide why.
      const gone = query === 'rollback' && !database.inTransaction;
      const statement = explained(() => prepareOnce(gone ? 'select 1' : query));
      return {
        reader: statement.reader,
        all: (parameters) => explained(() => statement.all(...parameters)),
        run: (parameters) => explained(() => statement.run(...parameters)),
        iterate: (parameters) => statement.iterate(...parameters),
      };
    },
  };
}
