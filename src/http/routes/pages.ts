import { readFileSync } from 'node:fs';
import type { FastifyReply } from 'fastify';
import type { Hub } from '../../core/hub.ts';
import type { RunEvent } from '../../core/run-event.ts';
import type { Run } from '../../core/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { AppDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { createRecentRuns } from '../recent-runs.ts';
import { createReliability } from '../reliability.ts';
import type { TypedApp } from '../typed-app.ts';
import { HubParams, IdParams } from '../schemas.ts';
import { hubPage } from '../views/hub-page.ts';
import { incidentPage } from '../views/incident-page.ts';
import { flightPage, runPage } from '../views/run-page.ts';
import type { HubState } from '../views/hub-state.ts';
import { statusPage } from '../views/status-page.ts';

const BARS = 60;
const HISTORY = 100;
const ASSETS = {
  'style.css': 'text/css',
  'live.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
} as const;

/** Pages for people; open to all who reach the service, as a status page is. */
export function addPageRoutes(app: TypedApp, deps: AppDeps): void {
  const { store, queue, now } = deps;
  const hide = { hide: true } as const;
  const lately = createRecentRuns(store);
  const reliability = createReliability(store);

  app.get('/', { schema: hide }, async (_, reply) => {
    const verdicts = await store.verdicts();
    const states: HubState[] = [];
    // One after the other: whoever else asks meanwhile gets their turn between two hubs.
    for (const hub of deps.hubs) {
      states.push(stateOf(deps, hub, verdicts, await lately(hub.name, BARS)));
    }
    return send(reply, statusPage(states, await store.activeIncidents(), deps.alarms(), now()));
  });

  app.get('/hubs/:hub', { schema: { ...hide, params: HubParams } }, async ({ params }, reply) => {
    const hub = deps.hubs.find(({ name }) => name === params.hub);
    if (hub === undefined) throw new Problem(404, 'Not here', `No hub is called “${params.hub}”.`);
    const state = stateOf(deps, hub, await store.verdicts(), await store.recentRuns(hub.name, HISTORY));
    const incidents = (await store.activeIncidents()).filter(({ members }) =>
      members.some((member) => member.hub === hub.name),
    );
    return send(reply, hubPage(state, await reliability(hub, now()), incidents, now()));
  });

  app.get('/runs/:id', { schema: { ...hide, params: IdParams } }, async ({ params }, reply) => {
    const flight = queue.flight(params.id);
    if (flight !== null) return send(reply, flightPage(flight, soFar(queue, flight.id)));
    const run = await store.run(params.id);
    if (run === null) throw new Problem(404, 'Not here', `There is no run ${params.id}.`);
    return send(reply, runPage(run, { evidenceIsOpen: await readsAreOpen(deps) }));
  });

  app.get('/incidents/:id', { schema: { ...hide, params: IdParams } }, async ({ params }, reply) => {
    const incident = await store.incident(params.id);
    if (incident === null) throw new Problem(404, 'Not here', `There is no incident ${params.id}.`);
    return send(reply, incidentPage(incident, await store.incidentEvents(incident.id), now()));
  });

  for (const [file, type] of Object.entries(ASSETS)) {
    const content = readFileSync(new URL(`../assets/${file}`, import.meta.url), 'utf8');
    app.get(`/assets/${file}`, { schema: hide }, (_, reply) =>
      reply.type(`${type}; charset=utf-8`).header('cache-control', 'max-age=300').send(content),
    );
  }
}

/** What has happened in a run that is under way. */
function soFar(queue: AppDeps['queue'], id: string): readonly RunEvent[] {
  const events: RunEvent[] = [];
  const leave = queue.follow(id, (event) => events.push(event));
  leave?.();
  return events;
}

function stateOf(
  { queue, nextRun }: AppDeps,
  hub: Hub,
  verdicts: readonly Verdict[],
  runs: readonly Run[],
): HubState {
  return {
    hub,
    verdicts: verdicts.filter((is) => is.hub === hub.name && hub.probes.includes(is.criterion)),
    runs,
    nextRun: nextRun(hub.name),
    flight: queue.flights().find(({ request }) => request.hub === hub.name) ?? null,
  };
}

/** A token whose secret cannot be read now is a token all the same. */
async function readsAreOpen({ tokens }: AppDeps): Promise<boolean> {
  return tokens().then(
    (known) => known.length === 0,
    () => false,
  );
}

function send(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
}
