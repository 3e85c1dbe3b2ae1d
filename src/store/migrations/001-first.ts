import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await createRuns(db);
  await db.schema
    .createTable('verdict')
    .addColumn('hub', 'text', (column) => column.notNull())
    .addColumn('criterion', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('verdict_key', ['hub', 'criterion'])
    .execute();

  await db.schema
    .createTable('proven_credential')
    .addColumn('hub', 'text', (column) => column.notNull())
    .addColumn('username', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('proven_credential_key', ['hub', 'username'])
    .execute();

  await createIncidents(db);
  await createOutbox(db);

  await db.schema
    .createTable('idempotency_key')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('run', 'text', (column) => column.notNull())
    .addColumn('bound_at', 'text', (column) => column.notNull())
    .execute();
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('hub', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('failed_criteria', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('run_by_hub').on('run').columns(['hub', 'id']).execute();
  await db.schema.createIndex('run_by_outcome').on('run').columns(['outcome', 'id']).execute();
  await db.schema.createIndex('run_by_start').on('run').column('started_at').execute();
  await db.schema
    .createIndex('failed_run')
    .on('run')
    .column('id')
    .where(sql.ref('failed_criteria'), '<>', '')
    .execute();
  await db.schema
    .createTable('begun_run')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
}

async function createIncidents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('scope_kind', 'text', (column) => column.notNull())
    .addColumn('scope_id', 'text', (column) => column.notNull())
    .addColumn('criterion', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  // The database itself sees to it that a fault has one open incident, whoever decides.
  await db.schema
    .createIndex('one_open_incident')
    .unique()
    .on('incident')
    .columns(['scope_kind', 'scope_id', 'criterion'])
    .where(sql.ref('state'), '<>', 'resolved')
    .execute();
  await db.schema
    .createTable('incident_event')
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('incident_event_key', ['incident', 'revision'])
    .execute();
  await db.schema
    .createTable('incident_run')
    .addColumn('run', 'text', (column) => column.notNull())
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addPrimaryKeyConstraint('incident_run_key', ['run', 'incident'])
    .execute();
}

async function createOutbox(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('effect')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('incident', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('ordinal', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('first_attempt_at', 'text')
    .addColumn('last_attempt_at', 'text')
    .addColumn('not_before', 'text', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('delivered_at', 'text')
    .addUniqueConstraint('effect_once', ['incident', 'revision', 'kind'])
    .execute();
  await db.schema
    .createIndex('undelivered')
    .on('effect')
    .columns(['incident', 'revision'])
    .where(sql.ref('state'), '<>', 'delivered')
    .execute();
  await db.schema
    .createTable('lease')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('holder', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .execute();
}
