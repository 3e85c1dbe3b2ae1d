import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { replay } from '../../src/core/incident-log.ts';
import { openStore } from '../../src/store/index.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import { sqliteDialect } from '../../src/store/sqlite-dialect.ts';
import { openSqliteFile } from '../../src/store/sqlite-file.ts';
import { anIncident, anOpenIssueFor } from '../build/incident.ts';

it('an incident that was recovering before its hub was a member is one whose member is well', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const path = join(folder, 'a.db');
  try {
    const database = openSqliteFile(path);
    const db = new Kysely<unknown>({ dialect: sqliteDialect(database, (error) => error) });
    const provider = { getMigrations: async () => ({ ...migrations }) };
    expect((await new Migrator({ db, provider }).migrateTo('001-first')).error).toBeUndefined();
    const scope = { kind: 'hub', id: 'staging' };
    const record = {
      id: 'I',
      scope,
      criterion: 'login',
      severity: 'high',
      state: 'recovering',
      revision: 4,
      issue: null,
      startedAt: '2026-11-24T09:00:00.000Z',
      declaredAt: '2026-11-24T09:05:00.000Z',
      resolvedAt: null,
      recoveredAt: '2026-11-24T11:00:00.000Z',
      firstRun: 'run-1',
      lastFailedRun: 'run-5',
    };
    const events = [
      [
        'declared',
        '09:05',
        { run: 'run-1', lastFailedRun: 'run-2', scope, criterion: 'login', severity: 'high' },
      ],
      ['recovering', '10:01', { run: 'run-4', startedAt: '2026-11-24T10:00:00.000Z' }],
      ['regressed', '10:11', { run: 'run-5' }],
      ['recovering', '11:01', { run: 'run-6', startedAt: '2026-11-24T11:00:00.000Z' }],
    ] as const;
    database
      .prepare(
        "INSERT INTO incident (id, scope_kind, scope_id, criterion, state, revision, record) VALUES ('I', 'hub', 'staging', 'login', 'recovering', 4, ?)",
      )
      .run(JSON.stringify(record));
    for (const [index, [kind, time, data]] of events.entries()) {
      const at = `2026-11-24T${time}:00.000Z`;
      const more = kind === 'declared' ? { startedAt: record.startedAt } : {};
      const event = {
        incident: 'I',
        revision: index + 1,
        at,
        kind,
        because: 'so',
        data: { ...data, ...more },
      };
      database
        .prepare("INSERT INTO incident_event (incident, revision, record) VALUES ('I', ?, ?)")
        .run(index + 1, JSON.stringify(event));
    }
    await db.destroy();

    const store = await openStore({ kind: 'sqlite', path });

    const incident = await store.incident('I');
    expect(incident).toMatchObject({
      state: 'mitigated',
      members: [{ hub: 'staging', lastFailedRun: 'run-5', wellSince: '2026-11-24T11:00:00.000Z' }],
    });
    expect(replay(await store.incidentEvents('I'))).toEqual(incident);
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

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
