import type { Incident } from '../core/incident.ts';
import type { Store } from '../store/store.ts';

/** An incident that lasts longer than this many failures is shown by those it began with and the latest. */
const FAILURES_LOOKED_AT = 500;

/** The runs whose evidence people may still want to look at: those that the active incidents are made of. */
export async function runsOfActiveIncidents(
  store: Pick<Store, 'activeIncidents' | 'incidentEvents' | 'runs'>,
): Promise<ReadonlySet<string>> {
  const active = await store.activeIncidents();
  return new Set((await Promise.all(active.map((incident) => runsOf(store, incident)))).flat());
}

async function runsOf(
  store: Pick<Store, 'incidentEvents' | 'runs'>,
  { id, criterion, members, firstRun, lastFailedRun }: Incident,
): Promise<readonly string[]> {
  const events = await store.incidentEvents(id);
  const spokenOf = events
    .flatMap(({ data }) => [data.run, data.lastFailedRun])
    .filter((run) => run !== undefined);
  const ofMembers = await Promise.all(
    members.map(async (member) => {
      const failed = await store.runs({ hub: member.hub, criterion, limit: FAILURES_LOOKED_AT });
      const since = failed.filter((run) => run.startedAt >= member.since).map((run) => run.id);
      return [member.firstRun, member.lastFailedRun, ...since];
    }),
  );
  return [firstRun, lastFailedRun, ...spokenOf, ...ofMembers.flat()];
}
