import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { SPELLINGS } from '../build/spellings.ts';
import { startService } from '../demo/service.ts';
import { findSecrets } from '../evidence/secret-scanner.ts';
import { type TattlingProxy, startTattlingProxy } from '../evidence/tattling-proxy.ts';
import { freePort } from '../testbed/free-port.ts';
import { startGitHub } from '../testbed/github/stand-in.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { SERVER, checkHub } from './check-hub.ts';

/** With something to escape in every encoding. */
const PASSWORD = 'pa55 "w<o>r%d&é/+\\x';
const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** On a busy machine a server takes its time. */
const PATIENT = { ...SERVER, startTimeoutMs: 200_000, slowAfterMs: 200_000 };

/** A hub that tells every secret wherever it can, and everything that we then write, show, log or send. */
describe('no secret gets out', () => {
  let testbed: Testbed;
  let hub: TattlingProxy;
  let folder: string;
  beforeAll(async () => {
    testbed = await startTestbed({ password: PASSWORD, httpTimeoutSeconds: 120, startTimeoutSeconds: 120 });
    hub = await startTattlingProxy(testbed.hubUrl, [PASSWORD]);
    folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    const told = SPELLINGS.map(([name, spell]) => `${name}: ${spell(PASSWORD)}`).join('\n');
    await writeFile(join(testbed.folder, 'say.txt'), told);
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await testbed.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function expectNone(bytes: Uint8Array | string, where: string, more: readonly string[] = []): void {
    const all = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    expect(findSecrets(all, [...hub.heard(), ...more], where)).toEqual([]);
  }

  async function expectNoneBelow(path: string, more: readonly string[] = []): Promise<readonly string[]> {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const file of files) expectNone(await readFile(file), file, more);
    return files;
  }

  it.each([
    ['spawn-raises', 'spawn-failed', ['login', 'server'], ['spawn-events']],
    ['kernel-answers-wrong', 'wrong-result', ['login', 'server'], ['spawn-events']],
    [
      'dask-client-missing',
      'client-missing',
      ['login', 'server', 'dask'],
      ['spawn-events', 'gateway-report'],
    ],
  ] as const)('in what is kept of a confirming run with %s', async (fault, reason, probes, kinds) => {
    hub.tell('fields');
    await testbed.faults.break(fault);
    const logged: string[] = [];

    await using checked = await checkHub(testbed, 'canary', {
      probes,
      hub: { url: hub.url, deadlineMs: 300_000, server: PATIENT },
      trigger: 'confirm',
      onLog: (text) => logged.push(text),
    });

    const { run, events, evidenceFolder } = checked;
    const kept = ['screenshot', 'page', 'responses', 'console', 'log', 'trace', ...kinds];
    expect(run.failure).toMatchObject({ reason, message: expect.stringContaining('[secret]') });
    expect(run.evidenceDropped).toBeUndefined();
    expect(run.evidence.map(({ kind }) => kind).toSorted()).toEqual(kept.toSorted());
    // Cookies, `_xsrf`, the OAuth dance of the server, tokens: they were there to be found.
    expect(hub.heard().length).toBeGreaterThan(4);
    expect(await readFile(join(evidenceFolder, 'spawn-events.txt'), 'utf8')).toContain('Told: [secret]');
    expect(await readFile(join(evidenceFolder, 'console.txt'), 'utf8')).toContain('told: [secret]');
    expectNone(JSON.stringify([run, events, logged]), 'the record and the events');
    expect(await expectNoneBelow(evidenceFolder)).toHaveLength(kept.length);
  });

  it('on the terminal', async () => {
    hub.tell('everywhere');
    await testbed.faults.break('login-refuses');
    const config = join(folder, 'check.yaml');
    await writeFile(config, JSON.stringify({ hubs: [hubConfig('HUB_PASSWORD')] }));
    const evidence = join(folder, 'check-evidence');

    const child = spawn(
      process.execPath,
      [MAIN, 'check', 'telling', '--config', config, '--evidence', evidence],
      {
        env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', HUB_PASSWORD: PASSWORD },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    const status = await new Promise((resolve) => child.once('close', resolve));

    expect(status).toBe(1);
    expect(Buffer.concat(output).toString()).toContain('Told: [secret]');
    expectNone(Buffer.concat(output), 'the output of check');
    expect((await expectNoneBelow(evidence)).length).toBeGreaterThan(2);
  });

  function hubConfig(password: string) {
    return {
      name: 'telling',
      url: hub.url,
      // Room between two scheduled runs for one that confirms.
      schedule: '*/20 * * * * *',
      jitter: '0s',
      login: { kind: 'password', username: 'canary', password: { env: password } },
      probes: ['login'],
    };
  }

  it('of the service: log, metrics, pages, answers, evidence, store and issue', async () => {
    await using github = await startGitHub();
    hub.tell('nowhere');
    const port = await freePort();
    const home = join(folder, 'service');
    const config = join(folder, 'service.yaml');
    await writeFile(
      config,
      JSON.stringify({
        service: {
          listen: { host: '127.0.0.1', port },
          store: { kind: 'sqlite', path: join(home, 'a.db') },
          evidence: { directory: join(home, 'evidence') },
        },
        hubs: [hubConfig('HUB_PASSWORD')],
        criteria: { declare: { confirmAfter: ['1s'], consecutive: 20 } },
        github: {
          repository: github.repository,
          apiUrl: github.url,
          auth: { token: { env: 'GITHUB_TOKEN' } },
        },
      }),
    );
    const url = `http://127.0.0.1:${port}/`;
    const env = { HUB_PASSWORD: PASSWORD, GITHUB_TOKEN: github.token };
    const service = await startService({ config, url, folder, env });
    const more = [github.token];
    try {
      const runs = async (query: string): Promise<readonly Run[]> =>
        (await (await fetch(`${url}api/v1/runs?${query}`)).json()).runs;
      // Only of an account that has logged in before is a refusal evidence.
      await expect
        .poll(async () => (await runs('outcome=passed')).length, { timeout: 90_000 })
        .toBeGreaterThan(0);

      hub.tell('everywhere');
      await testbed.faults.break('login-refuses');

      await expect.poll(() => github.issues().length, { timeout: 120_000 }).toBe(1);
      const failed = await runs('outcome=failed');
      const confirming = failed.find(({ trigger }) => trigger === 'confirm');
      expect(confirming?.evidence.map(({ kind }) => kind)).toContain('trace');
      // A picture cannot be redacted: there is none of a page that shows a secret, and the record says so.
      expect(confirming?.evidenceDropped).toEqual([{ kind: 'screenshot', why: 'the page shows a secret' }]);
      expect(confirming?.failure?.message).toContain('Told: [secret]');
      expect(github.issue(1).body).toContain('[secret]');

      expectNone(JSON.stringify(github.issues()), 'the issue', more);
      const [incident] = (await (await fetch(`${url}api/v1/incidents`)).json()).incidents;
      const paths = [
        '',
        'hubs/telling',
        'metrics',
        'livez',
        'readyz',
        'openapi.json',
        `incidents/${incident.id}`,
        ...['hubs', 'hubs/telling', 'runs', 'incidents', `incidents/${incident.id}`].map(
          (at) => `api/v1/${at}`,
        ),
        ...failed.flatMap(({ id, evidence }) => [
          `runs/${id}`,
          `api/v1/runs/${id}`,
          `api/v1/runs/${id}/events`,
          ...evidence.map(({ file }) => `api/v1/runs/${id}/evidence/${file}`),
        ]),
      ];
      for (const path of paths) {
        const answer = await fetch(url + path);
        expect([path, answer.status]).toEqual([path, 200]);
        expectNone(JSON.stringify([...answer.headers]), `headers of ${path}`, more);
        expectNone(new Uint8Array(await answer.arrayBuffer()), path, more);
      }
    } finally {
      await service.stop();
    }
    expectNone(await readFile(service.logFile), 'the log', more);
    await expectNoneBelow(home, more);
  });
});
