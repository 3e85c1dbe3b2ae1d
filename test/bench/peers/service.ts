import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ProcessTree } from '../../../src/runner/process-tree.ts';
import { freePort } from '../../testbed/free-port.ts';
import { waitFor } from '../../testbed/wait-for.ts';
import type { Racer } from './cost.ts';
import { type Measured, cpuGroup, spawnIn } from './meter.ts';
import type { World } from './world.ts';

const LOOK_EVERY_MS = 250;
const MIB = 2 ** 20;
const Flight = z.object({ id: z.string() });
const Record = z.object({ outcome: z.string().optional() });

/**
 * `hubcanary serve`: one process for all, and for each probe in flight a worker with its browser. Only these are measured,
 * from the wish for a run to its record; the processor time is the whole service's.
 */
export async function startService({ testbed }: World): Promise<Racer & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 's-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(url, folder, testbed)));
  const group = cpuGroup();
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    HUB_PASSWORD: testbed.password,
  };
  const child = spawnIn(group, {
    argv: [process.execPath, 'bin/hubcanary.js', 'serve', '--config', join(folder, 'config.json')],
    cwd: join(import.meta.dirname, '../../..'),
    env,
  });
  for (const stream of [child.stdout, child.stderr]) stream.resume();
  const ended = once(child, 'exit');
  const isReady = async () => (await fetch(`${url}/livez`).catch(() => null))?.ok === true;
  await waitFor('the service to be ready', isReady, 60_000);
  return {
    name: 'hubcanary serve, per probe in flight',
    async all(visits) {
      const before = group?.seconds() ?? NaN;
      const runs = await Promise.all(visits.map(({ user }) => runOnce(url, user)));
      const cpuSeconds = ((group?.seconds() ?? NaN) - before) / visits.length;
      return runs.map((run) => ({ ...run, cpuSeconds }));
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await group?.remove();
      await rm(folder, { recursive: true });
    },
  };
}

/** A hub per user, so that several can be under way; none on a schedule. */
function configOf(url: string, folder: string, { hubUrl, users }: World['testbed']) {
  return {
    service: {
      listen: { host: '127.0.0.1', port: Number(new URL(url).port) },
      store: { kind: 'sqlite', path: join(folder, 'store.db') },
      evidence: { directory: join(folder, 'evidence') },
      concurrency: users.length,
    },
    hubs: users.map((user) => ({
      name: user,
      url: hubUrl,
      schedule: '0 0 29 2 *',
      login: { kind: 'password', username: user, password: { env: 'HUB_PASSWORD' } },
      probes: ['login', 'server', 'dask'],
    })),
  };
}

async function runOnce(url: string, hub: string): Promise<Omit<Measured, 'cpuSeconds'>> {
  const startedAt = performance.now();
  const asked = await fetch(`${url}/api/v1/hubs/${hub}/runs`, { method: 'POST' });
  const { id } = Flight.parse(await asked.json());
  const tree = new ProcessTree(id);
  let peak = 0;
  for (;;) {
    peak = Math.max(peak, tree.memory());
    const record = await (await fetch(`${url}/api/v1/runs/${id}`)).json();
    const { outcome } = Record.parse(record);
    if (outcome !== undefined) {
      const wallSeconds = (performance.now() - startedAt) / 1000;
      const status = outcome === 'passed' ? 0 : 1;
      return { status, output: JSON.stringify(record), wallSeconds, peakMiB: peak / MIB, timedOut: false };
    }
    await pause(LOOK_EVERY_MS);
  }
}
