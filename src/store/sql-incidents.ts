import { type Kysely, sql } from 'kysely';
import { ACTIVE_STATES, type Incident } from '../core/incident.ts';
import { IncidentEventRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** Incidents and their logs, to be read. */
export function incidentsIn(
  db: Kysely<Tables>,
): Pick<
  Store,
  'incident' | 'activeIncidents' | 'liveIncidents' | 'pastIncidents' | 'incidents' | 'incidentEvents'
> {
  const rows = () => db.selectFrom('incident').select(['id', 'record']);
  // As the index says it.
  const live = () =>
    rows()
      .where(sql<boolean>`state not in ('closed', 'merged')`)
      .orderBy('id');
  return {
    async incident(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : incidentOf(row);
    },
    async activeIncidents() {
      const active = live().where('state', 'in', ACTIVE_STATES);
      return (await active.execute()).map(incidentOf);
    },
    async liveIncidents() {
      return (await live().execute()).map(incidentOf);
    },
    async pastIncidents() {
      const latest = db
        .selectFrom('incident')
        .select(({ fn }) => fn.max('id').as('id'))
        // As the index says it.
        .where(sql.ref<string>('state'), '=', sql.lit('closed'))
        .groupBy(['scope_kind', 'scope_id', 'criterion']);
      return (await rows().where('id', 'in', latest).orderBy('id').execute()).map(incidentOf);
    },
    async incidents({ before, limit }) {
      const newest = rows().orderBy('id', 'desc').limit(limit);
      const wanted = before === undefined ? newest : newest.where('id', '<', before);
      return (await wanted.execute()).map(incidentOf);
    },
    async incidentEvents(incident) {
      const events = await db
        .selectFrom('incident_event')
        .select(['revision', 'record'])
        .where('incident', '=', incident)
        .orderBy('revision')
        .execute();
      return events.map(({ revision, record }) =>
        readRecord(IncidentEventRecord, record, `event ${revision} of incident ${incident}`),
      );
    },
  };
}

function incidentOf({ id, record }: { id: string; record: string }): Incident {
  return readRecord(IncidentRecord, record, `incident ${id}`);
}
