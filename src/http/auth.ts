import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '../config/config.ts';
import type { AppDeps } from './deps.ts';
import { Problem } from './problem.ts';

/** What each scope includes. */
const INCLUDES: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  run: ['read', 'run'],
  admin: ['read', 'run', 'admin'],
};

/**
 * A route's guard. With tokens configured, a bearer token of the scope is needed. Without, reads are open and writes come
 * from this machine only: the address, the name asked for and the page that asks must all be local, because a browser on
 * this machine can be made to send requests by any page it shows.
 */
export function requireScope(scope: Scope, { tokens }: Pick<AppDeps, 'tokens'>) {
  return async (request: FastifyRequest): Promise<void> => {
    const known = await tokens();
    if (known.length === 0) return scope === 'read' ? undefined : requireLoopback(request);
    const given = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined) {
      throw new Problem(401, 'Unauthorized', `a bearer token with scope "${scope}" is needed`, {
        'www-authenticate': `Bearer realm="hubcanary", scope="${scope}"`,
      });
    }
    const hash = createHash('sha256').update(given).digest();
    // All are compared, so that time tells nothing of which one nearly fits.
    const token = known.filter(({ sha256 }) => timingSafeEqual(sha256, hash))[0];
    if (token === undefined) {
      throw new Problem(401, 'Unauthorized', 'this token is not known', {
        'www-authenticate': 'Bearer realm="hubcanary", error="invalid_token"',
      });
    }
    if (token.scopes.some((has) => INCLUDES[has].includes(scope))) return;
    throw new Problem(403, 'Forbidden', `token "${token.name}" lacks scope "${scope}"`);
  };
}

function requireLoopback(request: FastifyRequest): void {
  const { origin } = request.headers;
  const isLocal =
    isLoopback(request.ip) &&
    isLoopback(request.hostname) &&
    // Another program's page on this machine is as foreign as any other.
    (origin === undefined || URL.parse(origin)?.host === request.host) &&
    !FORWARDED.some((header) => header in request.headers);
  if (isLocal) return;
  throw new Problem(
    403,
    'Forbidden',
    'no tokens are configured (service.tokens), so runs can be asked for from this machine only',
  );
}

/** A proxy on this machine speaks for somebody elsewhere. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'];

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|::1|\[::1\]|::ffff:127(\.\d+){3})$/.test(host);
}
