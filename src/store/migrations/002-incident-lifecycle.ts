import { type Kysely, sql } from 'kysely';

/** The lifecycle of incidents: more states, members, groups of hubs. Incidents as they were before become such ones. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('one_open_incident').execute();
  const tables = db.withTables<Tables>();
  await convertIncidents(tables);
  await convertEvents(tables);
  await convertEffects(tables);
  // The database itself sees to it that a fault is looked after once, whoever decides.
  await sql`create unique index one_incident_per_fault on incident (scope_kind, scope_id, criterion)
    where state in ('declared', 'acknowledged', 'mitigated', 'dismissed')`.execute(db);
  await sql`create index live_incident on incident (id) where state not in ('closed', 'merged')`.execute(db);
  await sql`create index past_incident on incident (scope_kind, scope_id, criterion, id)
    where state = 'closed'`.execute(db);
}

type Tables = {
  incident: { id: string; state: string; record: string };
  incident_event: { incident: string; revision: number; record: string };
  effect: { id: string; record: string };
};

const STATES: Readonly<Record<string, string>> = { open: 'declared', recovering: 'mitigated' };
const KINDS: Readonly<Record<string, string>> = { recovering: 'mitigated' };

async function convertIncidents(db: Kysely<Tables>): Promise<void> {
  for (const { id, record } of await db.selectFrom('incident').selectAll().execute()) {
    const old = JSON.parse(record);
    const state = STATES[old.state] ?? old.state;
    const turned = await turnsOf(db, id);
    const converted = {
      ...old,
      state,
      acknowledgedAt: null,
      assignees: [],
      closedAt: null,
      issueIsGone: false,
      members: [memberOf(old)],
      membersChangedAt: turned.at(-1)?.at ?? old.declaredAt,
      brokeAt: [old.declaredAt, ...turned.filter(({ kind }) => kind === 'regressed').map(({ at }) => at)],
      isFlapping: false,
      isKeptOpen: false,
      previous: null,
      mergedInto: null,
    };
    await db
      .updateTable('incident')
      .set({ state, record: JSON.stringify(converted) })
      .where('id', '=', id)
      .execute();
  }
}

/** When it became well or broken again, oldest first. */
async function turnsOf(
  db: Kysely<Tables>,
  incident: string,
): Promise<readonly { readonly kind: string; readonly at: string }[]> {
  const rows = await db
    .selectFrom('incident_event')
    .select('record')
    .where('incident', '=', incident)
    .orderBy('revision')
    .execute();
  return rows
    .map(({ record }) => JSON.parse(record))
    .filter(({ kind }) => kind === 'recovering' || kind === 'regressed');
}

async function convertEvents(db: Kysely<Tables>): Promise<void> {
  const incidents = await db.selectFrom('incident').select(['id', 'record']).execute();
  const members = new Map(incidents.map(({ id, record }) => [id, JSON.parse(record).members[0]]));
  for (const { incident, revision, record } of await db.selectFrom('incident_event').selectAll().execute()) {
    const old = JSON.parse(record);
    const kind = KINDS[old.kind] ?? old.kind;
    const declared = { joinedAt: old.at, declaredAt: old.at, recoveredAt: null };
    const data =
      kind === 'declared'
        ? { ...old.data, members: [memberOf({ firstRun: old.data.run, ...declared, ...old.data })] }
        : kind === 'mitigated' || kind === 'regressed'
          ? { ...old.data, members: [{ ...members.get(incident), wellSince: wellSinceOf(kind, old) }] }
          : old.data;
    await db
      .updateTable('incident_event')
      .set({ record: JSON.stringify({ ...old, kind, data }) })
      .where('incident', '=', incident)
      .where('revision', '=', revision)
      .execute();
  }
}

function wellSinceOf(
  kind: string,
  { at, data }: { at: string; data: { startedAt?: string } },
): string | null {
  return kind === 'mitigated' ? (data.startedAt ?? at) : null;
}

async function convertEffects(db: Kysely<Tables>): Promise<void> {
  for (const { id, record } of await db.selectFrom('effect').selectAll().execute()) {
    const old = JSON.parse(record);
    const more = old.kind === 'close-issue' ? { reason: 'completed', duplicateOf: null } : {};
    await db
      .updateTable('effect')
      .set({ record: JSON.stringify({ ...old, ...more, notifier: 'github' }) })
      .where('id', '=', id)
      .execute();
  }
}

interface Was {
  readonly scope: { readonly id: string };
  readonly startedAt: string;
  readonly declaredAt: string;
  readonly firstRun: string;
  readonly lastFailedRun?: string;
  readonly state?: string;
  readonly recoveredAt: string | null;
}

function memberOf({ scope, startedAt, declaredAt, firstRun, lastFailedRun, state, recoveredAt }: Was) {
  return {
    hub: scope.id,
    since: startedAt,
    joinedAt: declaredAt,
    firstRun,
    lastFailedRun: lastFailedRun ?? firstRun,
    wellSince: state === 'resolved' || state === 'recovering' ? recoveredAt : null,
  };
}
