import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceProcess, startService } from '../demo/service.ts';
import { freePort } from '../testbed/free-port.ts';
import { prepare } from '../testbed/prepare.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';

/** The real service on days when its surroundings fail it; no hub is needed, nothing answers at its address. */
describe('the service on a bad day', () => {
  let folder: string;
  let github: GitHubStandIn;
  const running: ServiceProcess[] = [];
  beforeAll(() => prepare(() => {}));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bad-day-'));
    github = await startGitHub();
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.stop();
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(
    changes: {
      port?: number;
      store?: string;
      token?: string;
      repository?: string;
      confirmAfter?: string[];
    } = {},
  ) {
    const port = changes.port ?? (await freePort());
    const config = {
      service: {
        listen: { host: '127.0.0.1', port },
        store: { kind: 'sqlite', path: changes.store ?? join(folder, 'a.db') },
        confirmations: { spread: '0s' },
        evidence: { directory: join(folder, 'evidence') },
      },
      hubs: [
        {
          name: 'gone',
          url: 'http://127.0.0.1:9/',
          schedule: '*/5 * * * * *',
          jitter: '0s',
          login: { kind: 'password', username: 'canary', password: { env: 'HUB_PASSWORD' } },
          probes: ['login'],
        },
      ],
      criteria: { declare: { confirmAfter: changes.confirmAfter ?? ['1s'], consecutive: 2 } },
      github: {
        repository: changes.repository ?? github.repository,
        apiUrl: github.url,
        auth: { token: { env: 'GITHUB_TOKEN' } },
      },
    };
    const path = join(folder, `config-${port}.yaml`);
    await writeFile(path, JSON.stringify(config));
    const service = await startService({
      config: path,
      url: `http://127.0.0.1:${port}/`,
      folder,
      env: { HUB_PASSWORD: 'a-hub-password', GITHUB_TOKEN: changes.token ?? github.token },
    });
    running.push(service);
    return service;
  }

  const log = () => readFile(join(folder, 'service.log'), 'utf8');
  const ready = async (service: ServiceProcess) => (await fetch(`${service.url}readyz`)).json();

  it('says that its port is in use, and leaves', async () => {
    const other = createServer((_, answer) => answer.writeHead(503).end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    await expect(start({ port })).rejects.toThrow(/ended at once \(3\)/);

    other.close();
    expect(await log()).toMatch(/is in use by another program: stop it, or set service.listen.port/);
  });

  it('is refused a store that another service has open', async () => {
    await start();

    await expect(start()).rejects.toThrow(/ended at once \(3\)/);

    expect(await log()).toMatch(/in use by another/);
  });

  it('says that its store is damaged, and leaves it alone', async () => {
    const store = join(folder, 'damaged.db');
    const damaged = Buffer.alloc(20_000, 7);
    await writeFile(store, damaged);

    await expect(start({ store })).rejects.toThrow(/ended at once \(3\)/);

    expect((await readFile(store)).equals(damaged)).toBe(true);
    expect(await log()).toMatch(/damaged/);
  });

  it.each([
    ['a wrong token', { token: 'ghp_nonsense' }, /the token is not valid \(401\). Check github.auth/],
    [
      'a wrong repository',
      { repository: 'demo/nowhere' },
      /demo\/nowhere is not there or the token may not see it/,
    ],
  ])('goes on watching with %s, and is not ready with the reason', async (_, changes, why) => {
    const service = await start(changes);

    await expect.poll(async () => JSON.stringify(await ready(service)), { timeout: 15_000 }).toMatch(why);

    expect(await log()).toMatch(why);
    const metrics = await (await fetch(`${service.url}metrics`)).text();
    expect(metrics).toMatch(/^hubcanary_notifier_up\{notifier="github"\} 0$/m);
  });

  it('keeps an incident while GitHub is down, through SIGKILL, and opens one issue when it is back', async () => {
    github.faults.set('down');
    const first = await start();
    const incidents = async (service: ServiceProcess) =>
      (await (await fetch(`${service.url}api/v1/incidents`)).json()).incidents as unknown[];
    await expect.poll(async () => (await incidents(first)).length, { timeout: 60_000 }).toBe(1);
    await first.kill();

    github.faults.clear();
    const second = await start();
    await expect.poll(() => github.issues().length, { timeout: 90_000 }).toBe(1);

    expect(await incidents(second)).toHaveLength(1);
    expect(github.issue(1)).toMatchObject({ title: "[Incident] gone: users can't log in", state: 'open' });
    expect(github.issue(1).body).toContain('hub-unreachable');
    expect(await log()).not.toContain('a-hub-password');
    expect(await log()).not.toContain(github.token);
  });

  it('stops when told to, with status 0', async () => {
    const service = await start();

    await service.stop();

    expect(await service.ended).toBe(0);
    expect(await log()).toMatch(/stopped/);
  });
});
