import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/http/views/sentence.ts';
import type { Verdict, VerdictKind } from '../../src/core/verdict.ts';
import { CRITERIA } from '../../src/core/criterion.ts';
import { anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import { aVerdict } from '../build/verdict.ts';
import { NOW, aHub, aWorld, nothing } from './world.ts';

function verdictsOf(hub: string, login: VerdictKind, server: VerdictKind, dask: VerdictKind): Verdict[] {
  return CRITERIA.map((criterion, index) => {
    const verdict = [login, server, dask][index] ?? 'unknown';
    return aVerdict({ hub, criterion, verdict, since: '2026-11-24T11:00:00.000Z' });
  });
}

describe('the sentence on top', () => {
  const state = (name: string, ...verdicts: [VerdictKind, VerdictKind, VerdictKind]) => ({
    hub: aHub(name),
    verdicts: verdictsOf(name, ...verdicts),
  });
  const well = state('a', 'healthy', 'healthy', 'healthy');

  it.each([
    [[well], 'The hub is well'],
    [[well, state('b', 'healthy', 'suspect', 'recovering')], 'All 2 hubs are well'],
    [[well, state('b', 'broken', 'unknown', 'unknown')], "Users can't log in to 1 hub"],
    [
      [state('a', 'broken', 'unknown', 'unknown'), state('b', 'healthy', 'broken', 'unknown')],
      "Users can't log in to 1 hub. Users can't start a server on 1 hub",
    ],
    [[well, state('b', 'unknown', 'unknown', 'unknown')], '1 hub is not known to be well'],
  ])('%#: %s', (hubs, text) => {
    expect(sentence(hubs).text).toBe(text);
  });
});

describe('the pages', () => {
  const hostile = '<script>alert("x")</script>';

  async function aHostileWorld() {
    const world = await aWorld({ hubs: [aHub('staging')] });
    const run = aFailedRun('server', 'spawn-failed', {
      hubVersion: hostile,
      failure: {
        criterion: 'server',
        step: hostile,
        reason: 'spawn-failed',
        attribution: 'hub',
        message: hostile,
      },
      steps: [{ criterion: 'server', name: hostile, status: 'failed', seconds: 1, note: hostile }],
    });
    const incident = anIncident({ firstRun: run.id });
    const verdicts = verdictsOf('staging', 'healthy', 'broken', 'unknown').map((verdict) => ({
      ...verdict,
      because: hostile,
    }));
    await world.store.commit({
      ...nothing,
      run,
      verdicts,
      incidents: [incident],
      events: [anEventOf(incident, { because: hostile })],
    });
    return { ...world, run, incident, [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
  }

  it('show what hubs say as text, never as markup', async () => {
    await using world = await aHostileWorld();

    for (const url of ['/', '/hubs/staging', `/runs/${world.run.id}`, `/incidents/${world.incident.id}`]) {
      const { statusCode, body } = await world.app.inject({ url });

      expect(statusCode).toBe(200);
      expect(body).not.toContain('<script>alert');
    }
  });

  it('execute nothing but their own script', async () => {
    await using world = await aHostileWorld();

    const { headers, body } = await world.app.inject({ url: '/' });

    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(body).not.toMatch(/<script(?! src="\/assets\/live\.js")| on\w+=|style="/);
  });

  it('are small, with twelve hubs and sixty runs of each', async () => {
    const hubs = Array.from({ length: 12 }, (_, index) => aHub(`hub-${index}`));
    await using world = await aWorld({ hubs });
    for (const { name: hub } of hubs) {
      for (let minutes = 600; minutes > 0; minutes -= 10) {
        const startedAt = new Date(NOW.getTime() - minutes * 60_000).toISOString();
        await world.store.commit({ ...nothing, run: aRun({ hub, startedAt, finishedAt: startedAt }) });
      }
      await world.store.commit({ ...nothing, verdicts: verdictsOf(hub, 'healthy', 'healthy', 'healthy') });
    }

    const { body } = await world.app.inject({ url: '/' });

    expect(body.match(/<path /g)).toHaveLength(720);
    expect(body.length).toBeLessThan(60_000);
  });

  it.each([
    ['gzip, br', 'gzip'],
    ['gzip;q=0', undefined],
    ['', undefined],
  ])('travel compressed only to whoever takes it: %j', async (accepted, encoding) => {
    await using world = await aHostileWorld();

    const { headers } = await world.app.inject({ url: '/', headers: { 'accept-encoding': accepted } });

    expect(headers['content-encoding']).toBe(encoding);
  });

  it('show broken hubs first', async () => {
    await using world = await aWorld({ hubs: [aHub('a'), aHub('b')] });
    await world.store.commit({ ...nothing, verdicts: verdictsOf('b', 'broken', 'unknown', 'unknown') });

    const { body } = await world.app.inject({ url: '/' });

    expect(body.indexOf('href="/hubs/b"')).toBeLessThan(body.indexOf('href="/hubs/a"'));
  });

  it.each([
    ['open', [], true],
    ['behind a token', [{ name: 'ci', scopes: ['read'], sha256: Buffer.alloc(32) }], false],
  ] as const)('show the screenshot when evidence is %s: %j', async (_, tokens, isShown) => {
    await using world = await aWorld({ tokens: async () => tokens });
    const evidence = [{ kind: 'screenshot', file: 'screenshot.png' }] as const;
    const run = aFailedRun('login', 'hub-down', { evidence });
    await world.store.commit({ ...nothing, run });

    const { body } = await world.app.inject({ url: `/runs/${run.id}` });

    expect(body.includes('<img class="screenshot"')).toBe(isShown);
    expect(body.includes('data-evidence="screenshot.png"')).toBe(!isShown);
  });

  it('say kindly that something is not there', async () => {
    await using world = await aHostileWorld();

    const { statusCode, body } = await world.app.inject({ url: '/hubs/nobody' });

    expect(statusCode).toBe(404);
    expect(body).toContain('No hub is called');
  });
});
