import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RunEvent } from '../../core/run-event.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import type { EventStreams } from '../event-stream.ts';
import { IdParams } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { runOr404 } from './runs.ts';

/**
 * A run's events as they happen (server-sent events): what has happened so far, then the rest, ending after `finished`.
 * The page has an address of its own for them, because a browser's EventSource cannot send a token.
 */
export function addRunEventRoutes(app: TypedApp, deps: AppDeps, streams: EventStreams): void {
  const schema = { summary: 'The steps of a run as they happen (text/event-stream)', params: IdParams };
  const stream = (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) =>
    follow(deps, streams, request, reply);
  app.get(
    '/api/v1/runs/:id/events',
    { onRequest: requireScope('read', deps), exposeHeadRoute: false, schema },
    stream,
  );
  app.get('/runs/:id/events', { exposeHeadRoute: false, schema: { ...schema, hide: true } }, stream);
}

async function follow(
  deps: AppDeps,
  streams: EventStreams,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { id } = request.params;
  const isInFlight = deps.queue.flight(id) !== null;
  const finished = isInFlight ? null : await runOr404(deps, id);
  let leave: (() => void) | null = null;
  const stream = streams.open(reply, () => leave?.());
  const send = (event: RunEvent) => {
    stream.send(event);
    if (event.kind === 'finished') stream.end();
  };
  if (finished !== null) {
    send({ kind: 'finished', run: finished });
    return reply;
  }
  leave = deps.queue.follow(id, send);
  // It ended between the question and the answer.
  if (leave === null) send({ kind: 'finished', run: await runOr404(deps, id) });
  request.log.debug({ run: id }, 'following a run');
  return reply;
}
