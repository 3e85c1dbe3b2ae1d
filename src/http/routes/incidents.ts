import { z } from 'zod';
import type { Incident } from '../../core/incident.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { IdParams, IncidentAnswer, IncidentWithEvents } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const IncidentsQuery = z.strictObject({
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export function addIncidentRoutes(app: TypedApp, deps: AppDeps): void {
  const { store } = deps;
  const onRequest = requireScope('read', deps);
  app.get(
    '/api/v1/incidents',
    {
      onRequest,
      schema: {
        summary: 'Incidents, newest first',
        querystring: IncidentsQuery,
        response: { 200: z.object({ incidents: z.array(IncidentAnswer) }) },
      },
    },
    async ({ query: { before, limit } }) => ({
      incidents: (await store.incidents({ limit, ...(before === undefined ? {} : { before }) })).map(
        answerOf,
      ),
    }),
  );
  app.get(
    '/api/v1/incidents/:id',
    {
      onRequest,
      schema: {
        summary: 'One incident with its event log',
        params: IdParams,
        response: { 200: IncidentWithEvents },
      },
    },
    async ({ params: { id } }) => {
      const incident = await store.incident(id);
      if (incident === null) throw new Problem(404, 'Unknown incident', `there is no incident ${id}`);
      return { ...answerOf(incident), events: [...(await store.incidentEvents(id))] };
    },
  );
}

function answerOf(incident: Incident): z.input<typeof IncidentAnswer> {
  return { ...incident, assignees: [...incident.assignees], members: [...incident.members] };
}
