import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { aConfig, aFolder } from '../config/config-files.ts';
import { openWorld } from '../monitor/world.ts';
import { START_MS, aRunOf } from './lives.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

async function hubcanary(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status: child.exitCode, out, err };
}

/** A store that a service holds open, in which an outage was declared after two confirmations. */
async function aHeldStore(): Promise<string> {
  const { path, live } = await openWorld();
  const history = 'P@0 S@10 cS@11.5 cS@12.5 S@20 P@30 P@40 P@50';
  const runs = history.split(' ').map((token) => {
    const [result = '', minute] = token.split('@');
    return aRunOf('staging', result, START_MS + Number(minute) * 60_000);
  });
  await live(runs);
  return path;
}

const EAGER = aConfigWith('[60s]');
function aConfigWith(confirmAfter: string): string {
  return `criteria: {declare: {confirmAfter: ${confirmAfter}}}`;
}

describe('hubcanary replay', () => {
  it('shows what was declared and what would have been, while a service holds the store', async () => {
    const store = await aHeldStore();

    const { status, out, err } = await hubcanary(
      'replay',
      '--config',
      aConfig({ sections: EAGER }),
      '--store',
      store,
    );

    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toBe(
      [
        '2026-03-01 10:00 UTC to 2026-03-01 10:50 UTC: 8 runs on record, 2 of them confirming',
        '',
        "  users of  can't           since                 was declared                    would be declared",
        '  staging   start a server  2026-03-01 10:10 UTC  after 3 min, over after 41 min  after 2 min, over after 41 min',
        '',
        'was declared       1, after 3 min in the median (95 %: 3 min) from the first failed run on',
        'would be declared  1, after 2 min in the median (95 %: 2 min) from the first failed run on',
        '1 confirming run on record left out: by these criteria nobody would have asked for it',
        '',
      ].join('\n'),
    );
  });

  it('says what is missing on record to know', async () => {
    const config = aConfig({ sections: aConfigWith('[60s, 120s, 180s]') });

    const { out } = await hubcanary('replay', '--config', config, '--store', await aHeldStore());

    expect(out).toContain('1 confirming run would have been asked for; no run on record.');
    expect(out).toContain('  staging  server  2026-03-01 10:13 UTC');
  });

  it('gives the same to programs, and a picture', async () => {
    const picture = join(aFolder({}), 'replay.svg');
    const config = aConfig({ sections: EAGER });
    const store = await aHeldStore();

    const { status, out } = await hubcanary(
      'replay',
      '--config',
      config,
      '--store',
      store,
      '--json',
      '--picture',
      picture,
    );

    const result = JSON.parse(out);
    expect(status).toBe(0);
    expect(result).toMatchObject({
      from: '2026-03-01T10:00:00.000Z',
      runs: 8,
      actual: { declared: 1, medianSecondsToDeclare: 180 },
      trial: {
        declared: 1,
        medianSecondsToDeclare: 120,
        incidents: [{ hubs: ['staging'], criterion: 'server' }],
      },
      confirmations: { onRecord: 1, missing: [], leftOut: [expect.stringContaining('RUN')] },
    });
    expect(result.matches).toEqual([{ actual: [expect.any(String)], trial: [expect.any(String)] }]);
    const svg = await readFile(picture, 'utf8');
    expect(svg).toMatch(/^<svg [^]*>staging<[^]*<\/svg>\n$/);
    expect(svg).toContain(
      'users can&apos;t start a server. Failed first 2026-03-01 10:10 UTC, declared 2 min later',
    );
    expect(svg.length).toBeLessThan(10_000);
  });

  it('looks at a part of the record only', async () => {
    const store = await aHeldStore();
    const part = async (...span: readonly string[]) =>
      JSON.parse((await hubcanary('replay', '--config', aConfig(), '--store', store, '--json', ...span)).out);

    expect(await part('--to', '2026-03-01T10:05Z')).toMatchObject({
      actual: { declared: 0 },
      trial: { declared: 0 },
    });
    // What began before and goes on belongs to it; the runs before say how it stands.
    expect(await part('--from', '2026-03-01T10:15Z')).toMatchObject({
      actual: { declared: 1 },
      trial: { declared: 1 },
    });
    expect(await part('--from', '2026-03-01T10:49Z')).toMatchObject({
      actual: { declared: 1 },
      trial: { declared: 1 },
    });
  });

  it.each([
    { args: ['--store', '/nowhere/store.db'], says: 'there is no store at /nowhere/store.db' },
    { args: ['--until', '2026-12-01'], says: "unknown option '--until'" },
  ])('$args is wrong usage', async ({ args, says }) => {
    const { status, out, err } = await hubcanary('replay', '--config', aConfig(), ...args);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(says);
  });

  it('says that nothing is on record for the wanted time', async () => {
    const store = await aHeldStore();

    const { status, err } = await hubcanary(
      'replay',
      '--config',
      aConfig(),
      '--store',
      store,
      '--from',
      '2027-01-01',
    );

    expect(status).toBe(2);
    expect(err).toContain('has no run of a configured hub in that time');
  });

  it('names hubs on record that are not configured', async () => {
    const { path, live } = await openWorld();
    await live([aRunOf('staging', 'P', START_MS), aRunOf('gone', 'P', START_MS + 60_000)]);

    const { status, err } = await hubcanary('replay', '--config', aConfig(), '--store', path);

    expect(status).toBe(0);
    expect(err).toBe('gone is on record (1 run) and not configured: left out\n');
  });
});

describe('hubcanary simulate', () => {
  const small = ['--hubs', '4', '--clusters', '2', '--days', '3', '--outages', '20', '--seed', 'x'];

  it('says what came of it', async () => {
    const { status, out, err } = await hubcanary('simulate', '--config', aConfig(), ...small);

    expect(status).toBe(0);
    expect(out).toMatch(/^4 hubs in 2 clusters, looked at every 10m \(up to 1m later\) for 3 days; seed x\n/);
    expect(out).toMatch(/^false declarations .* per 80 hubs and month/m);
    expect(out).toMatch(/^outages of a hub {4}\d+: \d+ declared, 0 missed, \d+ over before$/m);
    expect(out).toMatch(/^time to declare .* in the median, 95 % within/m);
    expect(err).toMatch(/^simulated in [\d.]+ s\n$/);
  });

  it('gives the same result again, for programs', async () => {
    const args = ['simulate', '--config', aConfig(), ...small, '--json'];

    const [one, other] = [await hubcanary(...args), await hubcanary(...args)];

    expect(one.out).toBe(other.out);
    expect(JSON.parse(one.out)).toMatchObject({
      fleet: { hubs: 4, intervalSeconds: 600, seed: 'x' },
      runs: { scheduled: 4 * 3 * 144 },
      outages: { missed: 0 },
    });
  });

  it.each([
    { args: ['--flake', '2'], says: 'a share from 0 to 1' },
    { args: ['--clusters', '100'], says: 'more clusters than hubs' },
  ])('$args is wrong usage', async ({ args, says }) => {
    const { status, out, err } = await hubcanary('simulate', '--config', aConfig(), ...args);

    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(says);
  });

  it.each(['replay', 'simulate'])('%s explains itself', async (command) => {
    const { status, out } = await hubcanary(command, '--help');

    expect(status).toBe(0);
    expect(out).toContain('--config <path>');
  });
});
