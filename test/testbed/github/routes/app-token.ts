import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';

/** How an app that shows its signed claim gets a token for an hour; the signature is not checked here. */
export function addAppTokenRoute(app: FastifyInstance, token: string, clock: Clock): void {
  app.post('/app/installations/:id/access_tokens', async (_, reply) => {
    const expires_at = new Date(clock.now() + 3_600_000).toISOString();
    const permissions = { issues: 'write', metadata: 'read' };
    return reply.code(201).send({ token, expires_at, permissions, repository_selection: 'selected' });
  });
}
