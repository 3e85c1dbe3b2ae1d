import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestbed } from '../testbed/testbed.ts';

/**
 * Many runs, each killed at a random moment: its worker, its browser, or the process that asked for it. At the end nothing
 * may be left on the hub, the gateway or the machine. Argument: how many runs (default 50).
 */
const wanted = Number(process.argv[2] ?? 50);
const lanes = 2;
const settledWithinMs = 120_000;
const victims = ['worker', 'browser', 'parent'] as const;

interface Child {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Child[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'latin1').replaceAll('\0', ' ');
        return [{ pid: Number(entry), parent: Number(parent), command }];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });
}

function victimOf(kind: (typeof victims)[number], check: ChildProcess): number | null {
  if (kind === 'parent') return check.pid ?? null;
  const all = processes();
  const worker = all.find(({ parent, command }) => parent === check.pid && command.includes('worker/main'));
  if (kind === 'worker') return worker?.pid ?? null;
  // Debian starts the browser through a shell script: what is wanted is its child.
  const script = all.find(({ parent }) => parent === worker?.pid);
  return (all.find(({ parent }) => parent === script?.pid) ?? script)?.pid ?? null;
}

/** Ours and our browsers', whoever their parent is now. */
function survivors(folder: string): string[] {
  return processes()
    .filter(
      ({ command }) =>
        command.includes('worker/main') ||
        command.includes(`${folder}/config`) ||
        /hubcanary-\d+\/run-/.test(command),
    )
    .map(({ pid, command }) => `${pid} ${command.slice(0, 100)}`);
}

function temporaryFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^hubcanary-\d+$/.test(name));
}

await using testbed = await startTestbed({ onProgress: (line) => process.stderr.write(`${line}\n`) });
const folder = await mkdtemp(join(tmpdir(), 'soak-'));
const config = join(folder, 'config.yaml');
const hubs = testbed.users.slice(0, lanes).map((user) => ({
  name: user,
  url: testbed.hubUrl,
  login: { kind: 'password', username: user, password: { env: 'SOAK_PASSWORD' } },
  probes: ['login', 'server', 'dask'],
}));
await writeFile(config, JSON.stringify({ hubs }));

const tally = new Map<string, number>();
let started = 0;

async function lane(hub: string): Promise<void> {
  while (started < wanted) {
    const number = (started += 1);
    const kind = victims[number % victims.length] ?? 'worker';
    const check = spawn(
      process.execPath,
      ['src/main.ts', 'check', hub, '--config', config, '--evidence', folder],
      {
        env: { ...process.env, SOAK_PASSWORD: testbed.password },
        stdio: 'ignore',
      },
    );
    const ended = once(check, 'exit');
    await Promise.race([ended, pause(500 + Math.random() * 11_000)]);
    const pid = check.exitCode === null ? victimOf(kind, check) : null;
    if (pid !== null) process.kill(pid, 'SIGKILL');
    const [code, signal] = await ended;
    const what = `${pid === null ? 'nobody' : kind} killed: ended ${signal ?? code}`;
    tally.set(what, (tally.get(what) ?? 0) + 1);
    process.stderr.write(`run ${number} of ${wanted}  ${what}\n`);
  }
}

try {
  await Promise.all(hubs.map(({ name }) => lane(name)));
  const giveUpAt = performance.now() + settledWithinMs;
  const look = async () => ({
    ...(await testbed.leftovers()),
    survivors: survivors(folder),
    folders: temporaryFolders(),
  });
  let left = await look();
  while (Object.values(left).some((list) => list.length > 0) && performance.now() < giveUpAt) {
    await pause(1_000);
    left = await look();
  }
  console.table(Object.fromEntries([...tally].toSorted(([a], [b]) => a.localeCompare(b))));
  const isClean = Object.values(left).every((list) => list.length === 0);
  console.log(isClean ? `${wanted} runs, nothing left` : `LEFT: ${JSON.stringify(left, null, 2)}`);
  process.exitCode = isClean ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
