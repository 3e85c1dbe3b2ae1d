import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Tables } from './schema.ts';
import { StoreError } from './store.ts';

/** Brings the tables up to this version. @param where the store's name, for people @throws StoreError `newer` */
export async function migrate(db: Kysely<Tables>, where: string): Promise<void> {
  await refuseNewer(db, where);
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error === undefined) return;
  throw error instanceof Error
    ? error
    : new Error(`the store ${where} could not be set up`, { cause: error });
}

async function refuseNewer(db: Kysely<Tables>, where: string): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return;
  const applied = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  const unknown = applied.map(({ name }) => name).filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw new StoreError(
    'newer',
    `the store ${where} was written by a newer hubcanary (${unknown.join(', ')}): use that version, or a copy from before it`,
  );
}
