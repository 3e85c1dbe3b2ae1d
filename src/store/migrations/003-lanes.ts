import { type Kysely, sql } from 'kysely';

/** Each notifier tells its own effects, in a lane of its own. What was decided before is for the one there was. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A column of a unique constraint can't be added to it: the table is made anew.
  await db.schema
    .createTable('effect_by_notifier')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('notifier', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('first_attempt_at', 'text')
    .addColumn('last_attempt_at', 'text')
    .addColumn('not_before', 'text', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('delivered_at', 'text')
    .addUniqueConstraint('effect_once_each', ['incident', 'revision', 'kind', 'notifier'])
    .execute();
  await sql`insert into effect_by_notifier
      (id, incident, revision, ordinal, kind, notifier, created_at, record, state, attempts,
       first_attempt_at, last_attempt_at, not_before, last_error, delivered_at)
    select id, incident, revision, ordinal, kind, 'github', created_at, record, state, attempts,
       first_attempt_at, last_attempt_at, not_before, last_error, delivered_at
    from effect`.execute(db);
  await db.schema.dropTable('effect').execute();
  await db.schema.alterTable('effect_by_notifier').renameTo('effect').execute();
  await db.schema
    .createIndex('undelivered')
    .on('effect')
    .columns(['notifier', 'incident', 'revision'])
    .where(sql.ref('state'), '<>', 'delivered')
    .execute();
  await db.schema
    .createIndex('delivered_lately')
    .on('effect')
    .columns(['notifier', 'delivered_at'])
    .where(sql.ref('state'), '=', 'delivered')
    .execute();
  await db.schema
    .createTable('lane')
    .addColumn('notifier', 'text', (column) => column.primaryKey())
    .addColumn('paused_until', 'text', (column) => column.notNull())
    .execute();
}
