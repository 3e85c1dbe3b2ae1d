import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import { aVerdict } from '../build/verdict.ts';
import { held } from './held.ts';
import { aWorld, local, nothing } from './world.ts';

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
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
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
    const verdict = aVerdict({
      hub: 'staging',
      criterion: 'server',
      verdict: 'broken',
      since: 's',
      runs: [],
      because: 'b',
    });
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
