import { z } from 'zod';
import type { Hub } from '../../core/hub.ts';
import type { Verdict } from '../../core/verdict.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { flightAnswer } from '../flight-answer.ts';
import { hubOr404 } from '../hub-or-404.ts';
import { HubAnswer, HubParams } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { answerOf } from './runs.ts';

export function addHubRoutes(app: TypedApp, deps: AppDeps): void {
  const onRequest = requireScope('read', deps);
  app.get(
    '/api/v1/hubs',
    {
      onRequest,
      schema: {
        summary: 'All hubs with their verdicts',
        response: { 200: z.object({ hubs: z.array(HubAnswer) }) },
      },
    },
    async () => {
      const verdicts = await deps.store.verdicts();
      return { hubs: await Promise.all(deps.hubs.map((hub) => describeHub(deps, hub, verdicts))) };
    },
  );
  app.get(
    '/api/v1/hubs/:hub',
    {
      onRequest,
      schema: { summary: 'One hub', params: HubParams, response: { 200: HubAnswer } },
    },
    async (request) => {
      const hub = hubOr404(deps.hubs, request.params.hub);
      return describeHub(deps, hub, await deps.store.verdicts());
    },
  );
}

async function describeHub(
  { store, queue, nextRun }: AppDeps,
  hub: Hub,
  verdicts: readonly Verdict[],
): Promise<z.input<typeof HubAnswer>> {
  const [lastRun = null] = await store.recentRuns(hub.name, 1);
  const flight = queue.flights().find(({ request }) => request.hub === hub.name);
  const criteria = hub.probes.map((criterion) => {
    const found = verdicts.find((verdict) => verdict.hub === hub.name && verdict.criterion === criterion);
    const { verdict = 'unknown', since = null, because = 'no run yet' } = found ?? {};
    return [criterion, { verdict, since, because }];
  });
  return {
    name: hub.name,
    url: hub.url,
    cluster: hub.cluster,
    tier: hub.tier,
    criteria: Object.fromEntries(criteria),
    lastRun: lastRun === null ? null : answerOf(lastRun),
    nextRun: nextRun(hub.name)?.toISOString() ?? null,
    run: flight === undefined ? null : flightAnswer(flight),
  };
}
