import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RunEvent } from '../../core/run-event.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { IdParams } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { runOr404 } from './runs.ts';

/** Keeps proxies from cutting a stream in which a server takes its minutes. */
const HEARTBEAT_MS = 15_000;

/**
 * A run's events as they happen (server-sent events): what has happened so far, then the rest, ending after `finished`.
 * The page has an address of its own for them, because a browser's EventSource cannot send a token.
 */
export function addRunEventRoutes(app: TypedApp, deps: AppDeps): void {
  const schema = { summary: 'The steps of a run as they happen (text/event-stream)', params: IdParams };
  const stream = (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) =>
    follow(deps, request.params.id, request, reply);
  app.get(
    '/api/v1/runs/:id/events',
    { onRequest: requireScope('read', deps), exposeHeadRoute: false, schema },
    stream,
  );
  app.get('/runs/:id/events', { exposeHeadRoute: false, schema: { ...schema, hide: true } }, stream);
}

async function follow(
  deps: AppDeps,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const isInFlight = deps.queue.flight(id) !== null;
  const finished = isInFlight ? null : await runOr404(deps, id);
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const send = (event: RunEvent) => {
    raw.write(`data: ${JSON.stringify(event)}\n\n`);
    if (event.kind === 'finished') raw.end();
  };
  if (finished !== null) {
    send({ kind: 'finished', run: finished });
    return reply;
  }
  const heartbeat = setInterval(() => raw.write(': still running\n\n'), HEARTBEAT_MS);
  const leave = deps.queue.follow(id, send);
  raw.on('close', () => {
    clearInterval(heartbeat);
    leave?.();
  });
  // It ended between the question and the answer.
  if (leave === null) send({ kind: 'finished', run: await runOr404(deps, id) });
  request.log.debug({ run: id }, 'following a run');
  return reply;
}
