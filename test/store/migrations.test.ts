import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { openSqliteFile } from '../../src/store/sqlite-file.ts';
import { anIncident, anOpenIssueFor } from '../build/incident.ts';

it('what was waiting before there were lanes waits in that of GitHub, with its attempts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const path = join(folder, 'a.db');
  try {
    const incident = anIncident();
    const effect = anOpenIssueFor(incident);
    const database = openSqliteFile(path);
    const db = new Kysely<unknown>({ dialect: sqliteDialect(database, (error) => error) });
    const provider = { getMigrations: async () => ({ ...migrations }) };
    const { error } = await new Migrator({ db, provider }).migrateTo('002-incident-lifecycle');
    expect(error).toBeUndefined();
    database
      .prepare(
        'INSERT INTO incident (id, scope_kind, scope_id, criterion, state, revision, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(incident.id, 'hub', 'staging', 'server', 'declared', 1, JSON.stringify(incident));
    database
      .prepare(
        `INSERT INTO effect (id, incident, revision, ordinal, kind, created_at, record, state, attempts, not_before)
         VALUES (?, ?, 1, 0, 'open-issue', ?, ?, 'in-flight', 3, ?)`,
      )
      .run(effect.id, incident.id, effect.createdAt, JSON.stringify(effect), effect.createdAt);
    await db.destroy();

    const store = await openStore({ kind: 'sqlite', path });

    expect(await store.outbox.next('github', new Date())).toMatchObject({
      effect,
      incident,
      state: 'ambiguous',
      attempts: 3,
    });
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
