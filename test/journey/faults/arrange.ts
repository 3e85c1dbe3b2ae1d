import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type Socket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { readProc } from '../../../src/runner/proc.ts';
import { type CertificateKind, makeCertificates } from '../../testbed/certificates.ts';
import type { Fault } from '../../testbed/faults.ts';
import type { FrontOptions } from '../../testbed/front.ts';
import type { CheckChanges } from '../check-hub.ts';
import type { Stage } from './row.ts';

type Arrange = (stage: Stage) => Promise<CheckChanges | undefined>;

/** The canary user goes through a proxy like this, to a hub that has no other fault or the given one. */
export function behind(options: Partial<FrontOptions>, fault?: Fault): Arrange {
  return async (stage) => {
    if (fault !== undefined) await stage.testbed.faults.break(fault);
    await stage.front(options);
    return undefined;
  };
}

/** Straight to whatever stands first: nothing in between that could answer in its place. */
export function straight(fault: Fault): Arrange {
  return async ({ testbed }) => {
    await testbed.faults.break(fault);
    return { hub: { url: testbed.hubUrl } };
  };
}

/** To an address at which there is no hub. */
export function to(url: string): Arrange {
  return async () => ({ hub: { url } });
}

/** Whoever connects is handled by `serve`, byte by byte. */
export function toListener(serve: (socket: Socket) => void): Arrange {
  return async (stage) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stage.onEnd(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { hub: { url: `http://127.0.0.1:${port}/` } };
  };
}

/** Behind a proxy that speaks TLS with such a certificate; `trusted` says whether the canary is given its authority. */
export function overTls(kind: CertificateKind, trusted: boolean): Arrange {
  return async (stage) => {
    const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
    stage.onEnd(() => rm(folder, { recursive: true }));
    const certificates = await makeCertificates(folder);
    const { url } = await stage.front({ tls: await certificates.of(kind) });
    return { hub: { url, tls: { ca: trusted ? certificates.ca : null } } };
  };
}

/** Takes a route out of the hub's proxy over its REST API, again and again: the hub would soon put it back. */
export async function withoutRoute({ testbed, onEnd }: Stage, route: string): Promise<void> {
  const { ports, proxyToken } = testbed.settings;
  const stop = new AbortController();
  const remove = async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.proxyApi}/api/routes${route}`, {
      method: 'DELETE',
      headers: { authorization: `token ${proxyToken}` },
    });
    if (![204, 404].includes(answer.status)) throw new Error(`the proxy answered ${answer.status}`);
  };
  await remove();
  const repeated = (async () => {
    while (!stop.signal.aborted) {
      await remove();
      await pause(20);
    }
  })();
  onEnd(() => {
    stop.abort();
    return repeated;
  });
}

/** As a backup or a stuck migration does it. */
export async function withLockedDatabase(stage: Stage): Promise<undefined> {
  const database = new Database(join(stage.testbed.folder, 'hub.sqlite'));
  database.exec('BEGIN EXCLUSIVE');
  stage.onEnd(() => database.close());
  return undefined;
}

/** Every write of the hub fails, to its database and elsewhere, as on a full disk. */
export async function withoutDisk({ testbed, onEnd }: Stage): Promise<undefined> {
  const run = promisify(execFile);
  const limit = (size: string) => run('prlimit', ['--pid', hubPid(testbed.folder), `--fsize=${size}:`]);
  await limit('1');
  onEnd(() => limit('unlimited'));
  return undefined;
}

function hubPid(folder: string): string {
  const pid = readdirSync('/proc').find(
    (entry) =>
      /^\d+$/.test(entry) &&
      readProc(entry, 'cmdline').includes('jupyterhub_config.py') &&
      readProc(entry, 'environ').includes(folder),
  );
  if (pid === undefined) throw new Error('the testbed has no hub');
  return pid;
}

/** The hub sends its users to a provider at this address at once. */
export function loginElsewhere(provider: (stage: Stage) => Promise<string>): Arrange {
  return async (stage) => {
    await writeFile(join(stage.testbed.folder, 'provider'), await provider(stage));
    await stage.testbed.faults.break('login-elsewhere');
    return undefined;
  };
}

/** Asks the hub something as its admin. */
export async function asAdmin({ testbed }: Stage, method: string, path: string): Promise<number> {
  const answer = await fetch(`${testbed.hubUrl}hub/api/${path}`, {
    method,
    headers: { authorization: `token ${testbed.settings.adminToken}` },
  });
  await answer.body?.cancel();
  return answer.status;
}
