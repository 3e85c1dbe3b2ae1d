import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aHub, aWorld, local } from './world.ts';

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
