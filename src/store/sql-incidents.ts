import type { Kysely } from 'kysely';
import type { Incident } from '../core/incident.ts';
import { IncidentEventRecord, IncidentRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** Incidents and their logs, to be read. */
export function incidentsIn(
  db: Kysely<Tables>,
): Pick<Store, 'incident' | 'openIncidents' | 'incidents' | 'incidentEvents'> {
  const rows = () => db.selectFrom('incident').select(['id', 'record']);
  return {
    async incident(id) {
      const row = await rows().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : incidentOf(row);
    },
    async openIncidents() {
      return (await rows().where('state', '<>', 'resolved').orderBy('id').execute()).map(incidentOf);
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
