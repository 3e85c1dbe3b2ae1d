import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/config/config.ts';
import type { Execute } from '../../src/queue/queue.ts';
import { anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import { aHub, aWorld } from './world.ts';

const nothing = { run: null, verdicts: [], incidents: [], events: [], effects: [], proven: null };
const local = { host: 'localhost' };

/** Runs end when told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const execute: Execute = async (flight, _, onEvent) => {
    onEvent({ kind: 'step-started', criterion: 'login', step: 'open the login page' });
    await promise;
    return aRun({ id: flight.id, hub: flight.request.hub });
  };
  return { execute, finish: resolve };
}

function token(name: string, scopes: readonly Scope[]) {
  return { name, scopes, sha256: createHash('sha256').update(`secret-of-${name}`).digest() };
}

describe('nonsense', () => {
  it.each([
    ['GET', '/nowhere', undefined, undefined, 404, /there is no GET \/nowhere; see \/docs/],
    ['DELETE', '/api/v1/hubs', undefined, undefined, 405, /takes GET, HEAD, not DELETE/],
    ['GET', '/%zz', undefined, undefined, 400, /not a valid url/],
    ['GET', `/api/v1/hubs/${'x'.repeat(200)}`, undefined, undefined, 414, /max param length|valid|x{100}/],
    [
      'GET',
      '/api/v1/hubs/nobody',
      undefined,
      undefined,
      404,
      /unknown hub "nobody"; known hubs: staging, research/,
    ],
    ['POST', '/api/v1/hubs/nobody/runs', '{}', 'application/json', 404, /unknown hub "nobody"/],
    ['POST', '/api/v1/hubs/staging/runs', '{', 'application/json', 400, /JSON/],
    ['POST', '/api/v1/hubs/staging/runs', 'a=b', 'application/x-www-form-urlencoded', 415, /media type/i],
    ['POST', '/api/v1/hubs/staging/runs', '{"probes":["tea"]}', 'application/json', 400, /body\/probes\/0/],
    ['POST', '/api/v1/hubs/staging/runs', '{"probs":["login"]}', 'application/json', 400, /probs/],
    ['POST', '/api/v1/hubs/staging/runs', `"${'x'.repeat(300_000)}"`, 'application/json', 413, /too large/i],
    [
      'POST',
      '/api/v1/hubs/plain/runs',
      '{"probes":["dask"]}',
      'application/json',
      400,
      /not probed for server, dask, only for login/,
    ],
    ['GET', '/api/v1/runs/..%2f..%2fetc', undefined, undefined, 400, /not the id of a run/],
    ['GET', '/api/v1/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV', undefined, undefined, 404, /there is no run 01ARZ/],
    ['GET', '/api/v1/runs?limit=0', undefined, undefined, 400, /limit/],
    ['GET', '/api/v1/runs?colour=red', undefined, undefined, 400, /colour/],
    ['GET', '/api/v1/runs?hub=nobody', undefined, undefined, 404, /known hubs/],
    [
      'GET',
      '/api/v1/incidents/01ARZ3NDEKTSV4RRFFQ69G5FAV',
      undefined,
      undefined,
      404,
      /there is no incident/,
    ],
    ['POST', '/api/v1/alerts', '{"version":"3","alerts":[]}', 'application/json', 400, /version/],
  ] as const)(
    '%s %s %.40s is answered with a problem',
    async (method, url, payload, type, status, detail) => {
      const hubs = [aHub('staging'), aHub('research'), aHub('plain', { probes: ['login'] })];
      await using world = await aWorld({ hubs });

      const answer = await world.app.inject({
        method,
        url,
        headers: { ...local, ...(type === undefined ? {} : { 'content-type': type }) },
        ...(payload === undefined ? {} : { payload }),
      });

      expect(answer.statusCode).toBe(status);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ status, detail: expect.stringMatching(detail) });
      expect(answer.body).not.toMatch(/at \w+ \(|node_modules/);
    },
  );

  it('is told all at once, mistake by mistake', async () => {
    await using world = await aWorld({});
    const payload = { probes: ['tea'], reason: 1 };

    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/hubs/staging/runs',
      headers: local,
      payload,
    });

    const where = answer.json().errors.map((mistake: { where: string }) => mistake.where);
    expect(where.toSorted()).toEqual(['body/probes/0', 'body/reason']);
  });

  it('that is no HTTP at all is answered with a problem', async () => {
    await using world = await aWorld({});
    const { port } = new URL(await world.app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');

    const answer = await text(socket);

    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('application/problem+json');
  });

  it('of a person who follows a link is answered with a page', async () => {
    await using world = await aWorld({});

    const answer = await world.app.inject({ url: '/runs/nonsense', headers: { accept: 'text/html' } });

    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('text/html');
  });

  it('of ours is answered with a reference and without its cause', async () => {
    await using world = await aWorld({});
    await world.store.close();

    const answer = await world.app.inject({ url: '/api/v1/hubs', headers: local });

    expect(answer.json()).toMatchObject({
      status: 500,
      detail: expect.stringMatching(/The log has it under request/),
    });
    expect(answer.body).not.toMatch(/database|sqlite/i);
  });
});

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

describe('asking for a run', () => {
  const ask = { method: 'POST', url: '/api/v1/hubs/staging/runs', payload: {}, headers: local } as const;

  it('is accepted with its address, and the second asker is sent to the same run', async () => {
    await using world = await aWorld({ execute: held().execute });

    const first = await world.app.inject(ask);
    const second = await world.app.inject(ask);

    expect(first.statusCode).toBe(202);
    expect(first.headers.location).toBe(`/api/v1/runs/${first.json().id}`);
    expect(second).toMatchObject({ statusCode: 303, headers: { location: first.headers.location } });
    const shown = await world.app.inject({ url: `/api/v1/runs/${first.json().id}`, headers: local });
    expect(shown.json()).toMatchObject({ status: 'running', hub: 'staging' });
  });

  it('waits as long as is preferred', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });

    const answered = world.app.inject({ ...ask, headers: { ...local, prefer: 'wait=30' } });
    await expect.poll(() => world.queue.flights().length).toBe(1);
    runs.finish();
    const answer = await answered;

    expect(answer).toMatchObject({ statusCode: 200, headers: { 'preference-applied': 'wait=30' } });
    expect(answer.json()).toMatchObject({ outcome: 'passed', hub: 'staging' });
  });

  it('answers with the run under way when the wait is over', async () => {
    await using world = await aWorld({ execute: held().execute });

    const answer = await world.app.inject({ ...ask, headers: { ...local, prefer: 'wait=1' } });

    expect(answer).toMatchObject({ statusCode: 202 });
    expect(answer.json()).toMatchObject({ status: 'running' });
  });

  it('is done once per idempotency key', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const keyed = { ...ask, headers: { ...local, 'idempotency-key': 'k1' } };

    const first = await world.app.inject(keyed);
    runs.finish();
    await expect.poll(() => world.queue.flights().length).toBe(0);
    const again = await world.app.inject(keyed);

    expect(again).toMatchObject({ statusCode: 303, headers: { location: first.headers.location } });
    expect(world.queue.flights()).toEqual([]);
  });

  it('is refused while the service stops', async () => {
    await using world = await aWorld({});
    await world.queue.close();

    expect((await world.app.inject(ask)).json()).toMatchObject({
      status: 503,
      detail: expect.stringMatching(/stops/),
    });
  });

  it('needs no body', async () => {
    await using world = await aWorld({});

    const answer = await world.app.inject({ method: 'POST', url: ask.url, headers: local });

    expect(answer.statusCode).toBe(202);
    expect(world.queue.flights()[0]?.request.probes).toBeNull();
  });

  it('is refused when asked for all the time', async () => {
    await using world = await aWorld({});
    const answers = [];
    for (let asked = 0; asked <= 60; asked += 1) answers.push(await world.app.inject(ask));

    expect(answers.at(-1)?.json()).toMatchObject({ status: 429, title: 'Too many requests' });
  });

  it('by an alert is refused while the service stops, so that it is sent again', async () => {
    await using world = await aWorld({});
    await world.queue.close();
    const payload = { version: '4', alerts: [{ status: 'firing', labels: { hub: 'staging' } }] };

    const answer = await world.app.inject({ method: 'POST', url: '/api/v1/alerts', headers: local, payload });

    expect(answer.statusCode).toBe(503);
  });

  it('comes from alerts too, by the label hub', async () => {
    await using world = await aWorld({ execute: held().execute });
    const alert = (hub: string, status = 'firing') => ({ status, labels: { alertname: 'x', hub } });

    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/alerts',
      headers: local,
      payload: { version: '4', alerts: [alert('staging'), alert('nobody'), alert('research', 'resolved')] },
    });

    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ runs: [{ hub: 'staging' }], unknownHubs: ['nobody'] });
    expect(world.queue.flights().map(({ request }) => request.trigger)).toEqual(['alert']);
  });
});

describe('watching a run', () => {
  it('hears what has happened, what happens, and the end; then the stream is over', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    const offer = world.queue.offer({
      hub: 'staging',
      trigger: 'demand',
      attempt: 1,
      probes: null,
      because: '',
    });
    if (offer.kind !== 'accepted') throw new Error('not accepted');
    await expect.poll(() => world.queue.flight(offer.flight.id)?.state).toBe('running');

    const response = await fetch(`${url}/api/v1/runs/${offer.flight.id}/events`);
    runs.finish();
    const stream = await response.text();

    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    expect(
      stream
        .split('\n\n')
        .filter(Boolean)
        .map((event) => JSON.parse(event.slice(6)).kind),
    ).toEqual(['step-started', 'finished']);
  });

  it('hears the end of one that is over', async () => {
    await using world = await aWorld({});
    const run = aRun();
    await world.store.commit({ ...nothing, run });

    const answer = await world.app.inject({ url: `/api/v1/runs/${run.id}/events`, headers: local });

    expect(JSON.parse(answer.body.slice(6))).toEqual({ kind: 'finished', run });
  });
});

describe('what is known', () => {
  it('of hubs, runs and incidents', async () => {
    await using world = await aWorld({});
    const [passed, failed] = [
      aRun({ startedAt: '2026-11-24T08:00:00.000Z' }),
      aFailedRun('server', 'spawn-failed'),
    ];
    const verdict = {
      hub: 'staging',
      criterion: 'server',
      verdict: 'broken',
      since: 's',
      runs: [],
      because: 'b',
    } as const;
    const incident = anIncident();
    await world.store.commit({ ...nothing, run: passed });
    await world.store.commit({
      ...nothing,
      run: failed,
      verdicts: [verdict],
      incidents: [incident],
      events: [anEventOf(incident)],
    });
    const get = async (url: string) => (await world.app.inject({ url, headers: local })).json();

    const hub = await get('/api/v1/hubs/staging');
    expect(hub.criteria).toMatchObject({ login: { verdict: 'unknown' }, server: { verdict: 'broken' } });
    expect(hub).toMatchObject({ lastRun: { id: failed.id }, nextRun: '2026-11-24T12:04:00.000Z', run: null });
    expect((await get('/api/v1/hubs')).hubs).toHaveLength(2);
    expect(await get(`/api/v1/runs/${failed.id}`)).toEqual(failed);
    expect((await get('/api/v1/runs?outcome=failed')).runs).toEqual([failed]);
    const page = await get('/api/v1/runs?limit=1');
    expect(page.runs).toEqual([failed]);
    expect((await get(page.next)).runs).toEqual([passed]);
    expect((await get('/api/v1/incidents')).incidents).toMatchObject([{ id: incident.id }]);
    expect(await get(`/api/v1/incidents/${incident.id}`)).toMatchObject({ events: [{ kind: 'declared' }] });
  });

  it('of health: why it is not ready', async () => {
    const checks = [{ name: 'github', ok: false, why: 'the token is not valid' }];
    await using world = await aWorld({ health: { live: async () => [], ready: async () => checks } });

    const answer = await world.app.inject({ url: '/readyz' });

    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'failing', checks });
    expect((await world.app.inject({ url: '/livez' })).statusCode).toBe(200);
  });
});

describe('evidence', () => {
  it('is served as a file of its kind that never executes, and only what the record lists', async () => {
    await using world = await aWorld({});
    const run = aFailedRun('login', 'login-error', { evidence: [{ kind: 'page', file: 'page.txt' }] });
    await world.store.commit({ ...nothing, run });
    await mkdir(join(world.folder, run.id));
    await writeFile(join(world.folder, run.id, 'page.txt'), '<script>alert(1)</script>');
    await writeFile(join(world.folder, run.id, 'other.txt'), 'not listed');
    const get = (file: string) =>
      world.app.inject({ url: `/api/v1/runs/${run.id}/evidence/${file}`, headers: local });

    const answer = await get('page.txt');

    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    });
    expect((await get('other.txt')).statusCode).toBe(404);
    expect((await get('..%2fa.db')).statusCode).toBe(404);
  });
});

describe('the OpenAPI document', () => {
  it('is 3.1, names every route of the interface, and is the one in docs', async () => {
    await using world = await aWorld({});

    const document = (await world.app.inject({ url: '/openapi.json' })).json();

    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/hubs'].get).toMatchObject({ security: [{ token: [] }] });
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/api/v1/alerts',
      '/api/v1/hubs',
      '/api/v1/hubs/{hub}',
      '/api/v1/hubs/{hub}/runs',
      '/api/v1/incidents',
      '/api/v1/incidents/{id}',
      '/api/v1/runs',
      '/api/v1/runs/{id}',
      '/api/v1/runs/{id}/events',
      '/api/v1/runs/{id}/evidence/{file}',
      '/livez',
      '/metrics',
      '/readyz',
    ]);
    const file = join(import.meta.dirname, '../../docs/openapi.json');
    if (process.env['UPDATE_DOCS'] !== undefined)
      await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
    // Out of step? `UPDATE_DOCS=1 npx vitest run test/http` writes it again.
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(document);
  });
});
