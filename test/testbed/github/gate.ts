import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from './answers.ts';
import type { GitHubFaults } from './faults.ts';
import type { StandInRequest } from './state.ts';

const PER_HOUR = 5_000;

export interface Gate {
  readonly faults: GitHubFaults;
  readonly token: string;
  readonly requests: StandInRequest[];
}

/** What every request to the API passes before its route: the faults that hit them all, the token, the limit. */
export function addGate(app: FastifyInstance, { faults, token, requests }: Gate): void {
  const entries = new WeakMap<FastifyRequest, StandInRequest>();

  app.addHook('onRequest', async (request, reply) => {
    if (!isApi(request)) return undefined;
    const entry: StandInRequest = { method: request.method, path: request.url, status: null };
    entries.set(request, entry);
    requests.push(entry);
    sayLimit(reply, PER_HOUR - requests.length, 3_600);
    return (await strike(reply, faults)) ?? refuse(request, reply, faults, token);
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
    void reply.code(304);
    return null;
  });
}

/** Faults that hit every request. @returns the reply when it is done with. */
async function strike(reply: FastifyReply, faults: GitHubFaults): Promise<FastifyReply | undefined> {
  if (faults.isOn('down')) {
    reply.raw.socket?.resetAndDestroy();
    return reply.hijack();
  }
  if (faults.isOn('hang')) return reply.hijack();
  if (faults.isOn('slow')) await pause(faults.settings.slowMs);
  if (faults.isOn('captive-portal')) return reply.type('text/html').send('<h1>Welcome to our network</h1>');
  if (faults.isOn('rate-limited')) {
    void reply.header('retry-after', '1');
    return reply.code(403).send(refusal('You have exceeded a secondary rate limit. Please wait.'));
  }
  if (faults.isOn('too-many-requests')) return reply.code(429).send(refusal('Too many requests'));
  if (faults.isOn('used-up')) {
    sayLimit(reply, 0, faults.settings.resetSeconds);
    return reply.code(403).send(refusal('API rate limit exceeded for installation.'));
  }
  return undefined;
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  faults: GitHubFaults,
  token: string,
): FastifyReply | undefined {
  const given = (request.headers.authorization ?? '').replace(/^(token|bearer) /i, '');
  // An app asks for its token with a claim that it signed, not with a token.
  const isKnown = request.url.startsWith('/app/') ? given.split('.').length === 3 : given === token;
  if (faults.isOn('revoked-token') || !isKnown) return reply.code(401).send(refusal('Bad credentials'));
  if (faults.isOn('read-only-token') && request.method !== 'GET') {
    return reply.code(403).send(refusal('Resource not accessible by personal access token'));
  }
  return undefined;
}

function sayLimit(reply: FastifyReply, remaining: number, resetsInSeconds: number): void {
  void reply.headers({
    'x-ratelimit-limit': String(PER_HOUR),
    'x-ratelimit-remaining': String(Math.max(0, remaining)),
    'x-ratelimit-used': String(PER_HOUR - remaining),
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + resetsInSeconds),
    'x-ratelimit-resource': 'core',
  });
}

function isApi({ url }: FastifyRequest): boolean {
  return /^\/(repos|user|app)(\/|$|\?)/.test(url);
}
