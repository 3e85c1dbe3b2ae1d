import { z } from 'zod';
import type { AppDeps, HealthCheck } from '../deps.ts';
import type { TypedApp } from '../typed-app.ts';

const HealthAnswer = z.object({
  status: z.enum(['ok', 'failing']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), why: z.string().optional() })),
});

const responses = { 200: HealthAnswer, 503: HealthAnswer };

/** For Kubernetes and Prometheus; open to all, and nothing secret in them. */
export function addHealthRoutes(app: TypedApp, { health, metrics }: AppDeps): void {
  app.get('/livez', { schema: { summary: 'The process works', response: responses } }, async (_, reply) => {
    const answer = summarise(await health.live());
    return reply.code(answer.status === 'ok' ? 200 : 503).send(answer);
  });
  app.get('/readyz', { schema: { summary: 'It can do its work', response: responses } }, async (_, reply) => {
    const answer = summarise(await health.ready());
    return reply.code(answer.status === 'ok' ? 200 : 503).send(answer);
  });
  app.get(
    '/metrics',
    { schema: { summary: 'Prometheus metrics, OpenMetrics when asked for' } },
    async (request, reply) => {
      const wantsOpen = (request.headers.accept ?? '').includes('application/openmetrics-text');
      const { contentType, body } = await metrics.text(wantsOpen);
      return reply.header('content-type', contentType).send(body);
    },
  );
}

function summarise(checks: readonly HealthCheck[]) {
  const status = checks.every(({ ok }) => ok) ? ('ok' as const) : ('failing' as const);
  return { status, checks: [...checks] };
}
