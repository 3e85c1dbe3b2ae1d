import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/http/views/sentence.ts';
import type { Verdict, VerdictKind } from '../../src/core/verdict.ts';
import { CRITERIA } from '../../src/core/criterion.ts';
import { anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun } from '../build/run.ts';
import { aHub, aWorld } from './world.ts';

const nothing = { run: null, verdicts: [], incidents: [], events: [], effects: [], proven: null };

function verdictsOf(hub: string, login: VerdictKind, server: VerdictKind, dask: VerdictKind): Verdict[] {
  return CRITERIA.map((criterion, index) => ({
    hub,
    criterion,
    verdict: [login, server, dask][index] ?? 'unknown',
    since: '2026-11-24T11:00:00.000Z',
    runs: [],
    because: '',
  }));
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

  it('are small, script and style included', async () => {
    await using world = await aHostileWorld();
    const sizes = await Promise.all(
      ['/', '/assets/style.css', '/assets/live.js', '/assets/icon.svg'].map(
        async (url) => (await world.app.inject({ url })).body.length,
      ),
    );

    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(60_000);
  });

  it('say kindly that something is not there', async () => {
    await using world = await aHostileWorld();

    const { statusCode, body } = await world.app.inject({ url: '/hubs/nobody' });

    expect(statusCode).toBe(404);
    expect(body).toContain('No hub is called');
  });
});
