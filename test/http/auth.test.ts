import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/config/config.ts';
import { aWorld, local } from './world.ts';

function token(name: string, scopes: readonly Scope[]) {
  return { name, scopes, sha256: createHash('sha256').update(`secret-of-${name}`).digest() };
}

describe('who may', () => {
  const tokens = async () => [token('reader', ['read']), token('runner', ['run']), token('boss', ['admin'])];
  const bearer = (name: string) => ({ authorization: `Bearer secret-of-${name}` });
  const ask = { method: 'POST', url: '/api/v1/hubs/staging/runs', payload: {} } as const;

  it.each([
    ['read without a token', { url: '/api/v1/hubs' }, {}, 401],
    ['read with a wrong token', { url: '/api/v1/hubs' }, { authorization: 'Bearer nonsense' }, 401],
    ['read with scope read', { url: '/api/v1/hubs' }, bearer('reader'), 200],
    ['read with scope run', { url: '/api/v1/hubs' }, bearer('runner'), 200],
    ['run without a token', ask, local, 401],
    ['run with scope read', ask, bearer('reader'), 403],
    ['run with scope run', ask, bearer('runner'), 202],
    ['run with scope admin', ask, bearer('boss'), 202],
    ['see the page without a token', { url: '/' }, {}, 200],
    ['scrape without a token', { url: '/metrics' }, {}, 200],
  ] as const)('%s: %j', async (_, request, headers, status) => {
    await using world = await aWorld({ tokens });

    const answer = await world.app.inject({ ...request, headers });

    expect(answer.statusCode).toBe(status);
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it.each([
    ['from this machine', local, '127.0.0.1', 202],
    [
      'from this machine by its page',
      { host: 'localhost:8080', origin: 'http://localhost:8080' },
      '127.0.0.1',
      202,
    ],
    [
      'by another program on this machine',
      { host: 'localhost:8080', origin: 'http://localhost:8888' },
      '127.0.0.1',
      403,
    ],
    ['through a proxy on this machine', { ...local, 'x-forwarded-for': '10.0.0.9' }, '127.0.0.1', 403],
    ['from another machine', { host: 'canary.example.org' }, '10.0.0.9', 403],
    ['by a foreign page on this machine', { ...local, origin: 'https://evil.example' }, '127.0.0.1', 403],
    ['by a name that was rebound to this machine', { host: 'evil.example' }, '127.0.0.1', 403],
  ])('ask for a run %s when no token is configured: %j', async (_, headers, remoteAddress, status) => {
    await using world = await aWorld({});

    expect((await world.app.inject({ ...ask, headers, remoteAddress })).statusCode).toBe(status);
  });
});
