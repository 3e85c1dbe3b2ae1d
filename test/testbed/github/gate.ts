import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from './answers.ts';
import { cutOff } from './commit.ts';
import type { LimitHeaders } from './limits.ts';
import type { StandInRequest } from './state.ts';
import type { World } from './world.ts';

const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

export interface Gate {
  readonly token: string;
  readonly requests: StandInRequest[];
}

/** What every request to the API passes before its route: the faults that hit them all, the token, the limits. */
export function addGate(app: FastifyInstance, world: World, { token, requests }: Gate): void {
  const { faults, clock, limits, witness } = world;
  const entries = new WeakMap<FastifyRequest, StandInRequest>();

  app.addHook('onRequest', async (request, reply) => {
    if (!isApi(request)) return undefined;
    const { method, originalUrl: path } = request;
    const userAgent = request.headers['user-agent'] ?? '';
    const entry: StandInRequest = { method, path, userAgent, at: clock.now(), status: null };
    entries.set(request, entry);
    requests.push(entry);
    if (witness.arrived(request)) return cutOff(reply);
    faults.draw({ method, url: path, headers: request.headers });
    sayLimit(reply, world, limits.count());
    return (await strike(request, reply, world)) ?? refuse(request, reply, world, token);
  });

  app.addHook('onResponse', async (request, { statusCode }) => {
    const entry = entries.get(request);
    if (entry !== undefined) entry.status = statusCode;
  });

  app.addHook('onSend', async (request, reply, payload: unknown) => {
    if (!isApi(request) || request.method !== 'GET' || reply.statusCode !== 200) return payload;
    const etag = `W/"${createHash('sha256').update(String(payload)).digest('hex')}"`;
    void reply.header('etag', etag);
    if (request.headers['if-none-match'] !== etag) return payload;
    sayLimit(reply, world, limits.giveBack());
    void reply.code(304);
    return null;
  });
}

/** Faults that hit every request. @returns the reply when it is done with. */
async function strike(
  request: FastifyRequest,
  reply: FastifyReply,
  world: World,
): Promise<FastifyReply | undefined> {
  const { faults, limits } = world;
  const { slowMs, retryAfterSeconds, resetSeconds } = faults.settings;
  if (faults.isOn('down')) return cutOff(reply);
  if (faults.isOn('hang')) return reply.hijack();
  const isLaterPage = Number(new URL(request.url, 'http://any').searchParams.get('page') ?? 1) > 1;
  if (faults.isOn('slow') || (isLaterPage && faults.isOn('slow-paging'))) await pause(slowMs);
  if (faults.isOn('captive-portal')) return reply.type('text/html').send('<h1>Welcome to our network</h1>');
  const isSecondary = faults.isOn('rate-limited') || faults.isOn('rate-limited-silently');
  const isTooMany = faults.isOn('too-many-requests') || faults.isOn('too-many-requests-until');
  if (faults.isOn('rate-limited') || faults.isOn('too-many-requests-until')) {
    void reply.header('retry-after', String(retryAfterSeconds));
  }
  if (isSecondary) return reply.code(403).send(refusal(SECONDARY));
  if (isTooMany) return reply.code(429).send(refusal('Too many requests'));
  if (faults.isOn('used-up') || limits.isUsedUp()) {
    if (faults.isOn('used-up'))
      sayLimit(reply, world, { limit: 5_000, remaining: 0, resetsIn: resetSeconds });
    return reply.code(403).send(refusal('API rate limit exceeded for installation.'));
  }
  return undefined;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  world: World,
  token: string,
): FastifyReply | undefined {
  const { faults, limits } = world;
  const given = (request.headers.authorization ?? '').replace(/^(token|bearer) /i, '');
  // An app asks for its token with a claim that it signed, not with a token.
  const isKnown = request.url.startsWith('/app/') ? given.split('.').length === 3 : given === token;
  if (faults.isOn('revoked-token') || !isKnown) return reply.code(401).send(refusal('Bad credentials'));
  if (faults.isOn('read-only-token') && request.method !== 'GET') {
    return reply.code(403).send(refusal('Resource not accessible by personal access token'));
  }
  const wait = world.countsCreations && isCreation(request) ? limits.create() : null;
  if (wait === null) return undefined;
  void reply.header('retry-after', String(wait));
  return reply.code(403).send(refusal(SECONDARY));
}

function isCreation({ method, url }: FastifyRequest): boolean {
  return method === 'POST' && /\/(issues|comments)$/.test(url);
}

function sayLimit(reply: FastifyReply, { clock }: World, { limit, remaining, resetsIn }: LimitHeaders): void {
  void reply.headers({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(limit - remaining),
    'x-ratelimit-reset': String(Math.ceil(clock.now() / 1000) + resetsIn),
    'x-ratelimit-resource': 'core',
  });
}

function isApi({ url }: FastifyRequest): boolean {
  return /^\/(repos|repositories|user|app)(\/|$|\?)/.test(url);
}
