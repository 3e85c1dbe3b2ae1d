import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Criterion, withPrerequisites } from '../../core/criterion.ts';
import type { Hub } from '../../core/hub.ts';
import type { Run } from '../../core/run.ts';
import type { Flight } from '../../queue/queue.ts';
import type { RunQuery } from '../../store/store.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { flightAnswer } from '../flight-answer.ts';
import { hubOr404 } from '../hub-or-404.ts';
import { Problem } from '../problem.ts';
import { FlightAnswer, HubParams, IdParams, RunAnswer, RunsQuery, WantedRun } from '../schemas.ts';
import { stopping } from '../stopping.ts';
import type { TypedApp } from '../typed-app.ts';

/** Longer waits are cut to this. */
const WAIT_AT_MOST_SECONDS = 900;
const ASKS_PER_MINUTE = 60;

export function addRunRoutes(app: TypedApp, deps: AppDeps): void {
  const { store, queue, now } = deps;
  app.post(
    '/api/v1/hubs/:hub/runs',
    {
      onRequest: requireScope('run', deps),
      config: { rateLimit: { max: ASKS_PER_MINUTE, timeWindow: '1 minute' } },
      schema: {
        summary: 'Ask for a run now',
        description: 'Honours `Prefer: wait=N` (seconds) and `Idempotency-Key`.',
        params: HubParams,
        body: WantedRun,
        response: {
          200: RunAnswer,
          202: FlightAnswer,
          303: FlightAnswer,
        },
      },
    },
    async (request, reply) => {
      const hub = hubOr404(deps.hubs, request.params.hub);
      const probes = request.body?.probes ?? null;
      if (probes !== null) requireProbed(hub, probes);
      const known = await knownByKey(deps, request);
      if (known !== null) return redirectTo(reply, known);
      const because = request.body?.reason ?? 'asked for over HTTP';
      const offer = queue.offer({ hub: hub.name, trigger: 'demand', attempt: 1, probes, because });
      if (offer.kind === 'closed') throw stopping();
      if (offer.kind === 'login-limit') throw loginLimit(hub.name, offer.next, now());
      if (offer.kind === 'in-flight') return redirectTo(reply, offer.flight.id, offer.flight);
      await rememberKey(deps, request, offer.flight.id);
      return answerAccepted(deps, request, reply, offer.flight);
    },
  );

  app.get(
    '/api/v1/runs/:id',
    {
      onRequest: requireScope('read', deps),
      schema: {
        summary: 'One run: its record, or where it is while it is in flight',
        params: IdParams,
        response: { 200: z.union([RunAnswer, FlightAnswer]) },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const flight = queue.flight(id);
      if (flight !== null) return reply.send(flightAnswer(flight));
      return reply.send(answerOf(await runOr404(deps, id)));
    },
  );

  app.get(
    '/api/v1/runs',
    {
      onRequest: requireScope('read', deps),
      schema: {
        summary: 'Runs, newest first',
        querystring: RunsQuery,
        response: {
          200: z.object({
            runs: z.array(RunAnswer),
            next: z.string().nullable().describe('the page after this one'),
          }),
        },
      },
    },
    async ({ query }) => {
      if (query.hub !== undefined) hubOr404(deps.hubs, query.hub);
      const runs = await store.runs(withoutUndefined(query));
      const last = runs.at(-1);
      const next = runs.length < query.limit || last === undefined ? null : nextPage(query, last.id);
      return { runs: runs.map(answerOf), next };
    },
  );
}

/** @throws Problem 404. */
export async function runOr404({ store }: Pick<AppDeps, 'store'>, id: string): Promise<Run> {
  const run = await store.run(id);
  if (run === null) throw new Problem(404, 'Unknown run', `there is no run ${id}`);
  return run;
}

/** The record is answered as it is stored; only its lists lose their `readonly`. */
export function answerOf(run: Run): z.input<typeof RunAnswer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same shape, proven by the schema at the answer
  return structuredClone(run) as z.input<typeof RunAnswer>;
}

function requireProbed(hub: Hub, probes: readonly Criterion[]): void {
  const missing = withPrerequisites(probes).filter((criterion) => !hub.probes.includes(criterion));
  if (missing.length === 0) return;
  throw new Problem(
    400,
    'Not probed',
    `hub "${hub.name}" is not probed for ${missing.join(', ')}, only for ${hub.probes.join(', ')}`,
  );
}

function loginLimit(hub: string, next: Date, now: Date): Problem {
  const seconds = Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000));
  return new Problem(
    429,
    'Too many logins',
    `the account of "${hub}" has made all the logins that maxLoginsPerHour allows; the next is allowed in ${seconds} s`,
    { 'retry-after': String(seconds) },
  );
}

function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return `${request.url} ${key}`;
  throw new Problem(400, 'Bad request', 'Idempotency-Key: one key of at most 255 characters');
}

/** The run that this key was used for; null when it is new. An offer that comes to nothing binds no key. */
async function knownByKey({ store, now }: AppDeps, request: FastifyRequest): Promise<string | null> {
  const key = keyOf(request);
  if (key === null) return null;
  return store.findIdempotencyKey({ key, now: now() });
}

async function rememberKey({ store, now }: AppDeps, request: FastifyRequest, runId: string): Promise<void> {
  const key = keyOf(request);
  if (key !== null) await store.bindIdempotencyKey({ key, runId, now: now() });
}

function redirectTo(reply: FastifyReply, id: string, flight?: Flight): FastifyReply {
  const found = reply.code(303).header('location', `/api/v1/runs/${id}`);
  return flight === undefined ? found.send() : found.send(flightAnswer(flight));
}

async function answerAccepted(
  { queue, store }: AppDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  flight: Flight,
): Promise<FastifyReply> {
  void reply.header('location', `/api/v1/runs/${flight.id}`);
  const seconds = preferredWait(request);
  if (seconds === 0) return reply.code(202).send(flightAnswer(flight));
  void reply.header('preference-applied', `wait=${seconds}`);
  // It may have ended while its key was being noted.
  const run = await inTime(queue.finished(flight.id) ?? store.run(flight.id), seconds * 1000);
  if (run !== null) return reply.code(200).send(answerOf(run));
  return reply.code(202).send(flightAnswer(queue.flight(flight.id) ?? flight));
}

/** Seconds; 0 for none. https://www.rfc-editor.org/rfc/rfc7240#section-4.3 */
function preferredWait(request: FastifyRequest): number {
  const asked = /(?:^|[,;\s])wait\s*=\s*"?(\d+)/i.exec(String(request.headers.prefer ?? ''))?.[1];
  return Math.min(Number(asked ?? 0), WAIT_AT_MOST_SECONDS);
}

async function inTime(finished: Promise<Run | null>, ms: number): Promise<Run | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ms);
  try {
    return await Promise.race([finished, late]);
  } finally {
    clearTimeout(timer);
  }
}

function withoutUndefined({ hub, outcome, criterion, before, limit }: z.infer<typeof RunsQuery>): RunQuery {
  return {
    limit,
    ...(hub === undefined ? {} : { hub }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(criterion === undefined ? {} : { criterion }),
    ...(before === undefined ? {} : { before }),
  };
}

function nextPage(query: z.infer<typeof RunsQuery>, before: string): string {
  const wanted = Object.entries({ ...query, before }).filter(([, value]) => value !== undefined);
  return `/api/v1/runs?${new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString()}`;
}
