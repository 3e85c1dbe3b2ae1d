import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { watch } from '../cli/terminal.ts';
import type { Fault } from '../testbed/faults.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';

const MAIN = join(import.meta.dirname, '../../bin/hubcanary.js');

/** The command as a person runs it. */
describe('hubcanary check', () => {
  let testbed: Testbed;
  let folder: string;
  let config: string;
  /** Two entries with one account. */
  let twice: string;
  beforeAll(async () => {
    testbed = await startTestbed();
    folder = await mkdtemp(join(tmpdir(), 'check-'));
    config = join(folder, 'hubs.yaml');
    const hub = (name: string, username: string) => ({
      name,
      url: testbed.hubUrl,
      login: { kind: 'password', username, password: { env: 'HUB_PASSWORD' } },
      probes: ['login', 'server', 'dask'],
    });
    const [first = '', second = ''] = testbed.users;
    const hubs = [hub('one', first), hub('two', second)];
    await writeFile(config, JSON.stringify({ hubs }));
    twice = join(folder, 'twice.yaml');
    await writeFile(twice, JSON.stringify({ hubs: [hub('one', first), hub('again', first)] }));
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(async () => {
    await testbed.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function check(
    args: readonly string[],
    env: Record<string, string> = { HUB_PASSWORD: testbed.password },
    of = config,
  ) {
    const child = spawn(
      process.execPath,
      [MAIN, 'check', ...args, '--config', of, '--evidence', join(folder, 'evidence')],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { status, stdout, stderr };
  }

  it('of a healthy hub passes with a report for people and a line per step', async () => {
    const { status, stdout, stderr } = await check(['one']);

    expect(status).toBe(0);
    expect(stdout).toMatch(/✔ users can log in +\d+\.\d s/);
    expect(stdout).toMatch(/✔ users can start dask workers/);
    expect(stdout).toMatch(/✔ cleaned up: .*server.*token\npassed after/);
    expect(stderr).toMatch(/one: server: wait until it is ready: passed/);
  });

  it('shows a person the steps as they happen, with what the hub says meanwhile, and then the report alone', async () => {
    await testbed.faults.break('spawn-raises');
    const terminal = watch([process.execPath, MAIN, 'check', 'one', '--config', config], {
      env: { HUB_PASSWORD: testbed.password },
      columns: 120,
    });

    await terminal.shows(/✔ submit the login form +\d+\.\d s[^]*[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /);
    expect(await terminal.ended).toBe(1);

    const report = (await terminal.everything()).join('\n');
    expect(report).toMatch(
      /^one +http:\S+ +JupyterHub \d[^]*✖ users can't start a server[^]*\nfailed after \d/,
    );
    expect(report).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  });

  it('prints exactly one run record with --json, an array for several', async () => {
    const single = await check(['one', '--probes', 'login', '--json']);
    const both = await check(['--all', '--probes', 'login', '--json']);

    expect(JSON.parse(single.stdout)).toMatchObject({
      hub: 'one',
      outcome: 'passed',
      criteria: { login: 'passed' },
    });
    expect(JSON.parse(both.stdout).map(({ hub }: { hub: string }) => hub)).toEqual(['one', 'two']);
  });

  it('visits a hub with one account once at a time, whatever entries of the configuration say so', async () => {
    const { stdout } = await check(['--all', '--probes', 'login', '--json'], undefined, twice);

    const runs: Run[] = JSON.parse(stdout);
    const [first, second] = runs.toSorted((one, other) => (one.startedAt < other.startedAt ? -1 : 1));
    expect(runs.map(({ outcome }) => outcome)).toEqual(['passed', 'passed']);
    expect(Date.parse(second?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.finishedAt ?? ''));
  });

  it.each([
    ['login-raises', 'log in', 'login-error'],
    ['spawn-raises', 'start a server', 'spawn-failed'],
    ['gateway-down', 'start dask workers', 'gateway-unreachable'],
  ] as const satisfies readonly (readonly [Fault, string, string])[])(
    'with %s says that users can’t %s and why, with evidence',
    async (fault, cannot, reason) => {
      await testbed.faults.break(fault);

      const { status, stdout } = await check(['one']);

      expect(status).toBe(1);
      expect(stdout).toMatch(new RegExp(`✖ users can't ${cannot} .*${reason}`));
      const [, evidence = ''] = /Evidence: (\S+)\//.exec(stdout) ?? [];
      expect(await readdir(evidence)).toContain('screenshot.png');
      expect(stdout).not.toContain(testbed.password);
    },
  );

  it.each([
    [['nobody'], 2, /unknown hub nobody; known hubs: one, two/],
    [[], 2, /name a hub or say --all; known hubs: one, two/],
    [['one', '--probes', 'tea'], 2, /unknown: tea; known: login, server, dask/],
    [['one', '--deadline', 'soon'], 2, /a duration is written 90s, 12m or 24h/],
    [['one', '--attempts', '0'], 2, /a whole number from 1/],
  ])('%j is wrong usage', async (args, status, says) => {
    const result = await check(args);

    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(says);
  });

  it('without its secret errs on our side and names the variable', async () => {
    const { status, stdout } = await check(['one'], {});

    expect(status).toBe(3);
    expect(stdout).toMatch(/login.password: environment variable HUB_PASSWORD is not set/);
  });
});
