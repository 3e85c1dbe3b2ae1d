import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { killProcess, livingProcesses, proportionalSetSize } from '../../../src/runner/proc.ts';

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Measured {
  readonly status: number | null;
  readonly output: string;
  readonly wallSeconds: number;
  /** Of the command and all its descendants. */
  readonly cpuSeconds: number;
  /** Highest proportional set size of the command and all its descendants, in MiB; looked at four times a second. */
  readonly peakMiB: number;
  readonly timedOut: boolean;
}

const LOOK_EVERY_MS = 250;
const MIB = 2 ** 20;

/** Runs a command to its end, or kills all of it after its time, and says what it took. Linux only: reads /proc. */
export async function measure(command: Command, withinMs: number): Promise<Measured> {
  const group = cpuGroup();
  const startedAt = performance.now();
  const child = spawnIn(group, command);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const known = new Set<number>(child.pid === undefined ? [] : [child.pid]);
  let peakBytes = 0;
  const look = () => {
    const alive = withDescendants(known);
    peakBytes = Math.max(
      peakBytes,
      alive.reduce((sum, pid) => sum + proportionalSetSize(pid), 0),
    );
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  let timedOut = false;
  const killAll = () => {
    for (const pid of withDescendants(known)) killProcess(pid);
  };
  const limit = setTimeout(() => {
    timedOut = true;
    killAll();
  }, withinMs);
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  const wallSeconds = (performance.now() - startedAt) / 1000;
  clearInterval(looking);
  clearTimeout(limit);
  killAll();
  const cpuSeconds = group === null ? NaN : group.seconds();
  await group?.remove();
  return { status, output, wallSeconds, cpuSeconds, peakMiB: peakBytes / MIB, timedOut };
}

/** Starts a command so that it and all its descendants are in the group. */
export function spawnIn(group: CpuGroup | null, { argv, cwd, env }: Command) {
  const enter = group === null ? 'exec "$@"' : `echo $$ > ${group.procs} && exec "$@"`;
  return spawn('/bin/sh', ['-c', enter, 'sh', ...argv], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

export interface CpuGroup {
  readonly procs: string;
  readonly seconds: () => number;
  readonly remove: () => Promise<void>;
}

/** A control group that counts processor time: version 2, or version 1's `cpuacct`. Null where we may make none. */
export function cpuGroup(): CpuGroup | null {
  const isV2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const folder = join(
    isV2 ? '/sys/fs/cgroup' : '/sys/fs/cgroup/cpuacct',
    `bench-${process.pid}-${counter++}`,
  );
  try {
    mkdirSync(folder);
  } catch {
    // A container's is often read-only.
    return null;
  }
  return {
    procs: join(folder, 'cgroup.procs'),
    seconds: () =>
      isV2
        ? Number(/usage_usec (\d+)/.exec(readFileSync(join(folder, 'cpu.stat'), 'utf8'))?.[1]) / 1e6
        : Number(readFileSync(join(folder, 'cpuacct.usage'), 'utf8')) / 1e9,
    async remove() {
      for (let tries = 0; tries < 50; tries += 1) {
        try {
          return rmdirSync(folder);
        } catch {
          // Its last process is still being taken away.
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }
    },
  };
}
let counter = 0;

/** The living of these processes and all that came of them; those are known from now on, whoever their parent is later. */
function withDescendants(known: Set<number>): number[] {
  const all = livingProcesses();
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of all) {
      if (known.has(pid) || !known.has(parent)) continue;
      known.add(pid);
      grew = true;
    }
  }
  return all.flatMap(({ pid }) => (known.has(pid) ? [pid] : []));
}
