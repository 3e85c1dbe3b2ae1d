import { z } from 'zod';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { stopping } from '../stopping.ts';
import type { TypedApp } from '../typed-app.ts';

/** https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const Webhook = z.object({
  version: z.literal('4'),
  alerts: z.array(
    z.object({ status: z.enum(['firing', 'resolved']), labels: z.record(z.string(), z.string()) }),
  ),
});

const Asked = z.object({
  runs: z.array(z.object({ hub: z.string(), run: z.string() })),
  skippedHubs: z.array(z.string()).describe('no login is left for their account within the hour'),
  unknownHubs: z.array(z.string()),
});

/** One notification may carry hundreds of alerts with all their annotations. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** Somebody else's alert is a reason to look for ourselves: one run of each hub that a firing alert names. */
export function addAlertRoutes(app: TypedApp, deps: AppDeps): void {
  app.post(
    '/api/v1/alerts',
    {
      onRequest: requireScope('run', deps),
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        summary: 'Alertmanager webhook (v4): runs a check of each hub named by the label `hub`',
        body: Webhook,
        response: { 202: Asked },
      },
    },
    async (request, reply) => {
      const firing = request.body.alerts.filter(({ status }) => status === 'firing');
      const named = [...new Set(firing.flatMap(({ labels }) => labels['hub'] ?? []))];
      const isKnown = (name: string) => deps.hubs.some((hub) => hub.name === name);
      const runs = named.filter(isKnown).flatMap((hub) => {
        const because = 'an alert named this hub';
        const offer = deps.queue.offer({ hub, trigger: 'alert', attempt: 1, probes: null, because });
        // Alertmanager tries again after a 503, by then with whoever took over.
        if (offer.kind === 'closed') throw stopping();
        if (offer.kind === 'login-limit') return [];
        return [{ hub, run: offer.flight.id }];
      });
      const started = runs.map(({ hub }) => hub);
      const skippedHubs = named.filter((name) => isKnown(name) && !started.includes(name));
      return reply.code(202).send({ runs, skippedHubs, unknownHubs: named.filter((name) => !isKnown(name)) });
    },
  );
}
