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
/** Process ids of all checks so far. */
const asked = new Set<number>();

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

/** Processes of the runs that were asked for here, browsers included, whoever their parent is now. */
function survivors(): string[] {
  return processes()
    .filter(({ pid }) => [...asked].some((check) => environmentOf(pid).includes(`/hubcanary-${check}/`)))
    .map(({ pid, command }) => `${pid} ${command.slice(0, 100)}`);
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Ended meanwhile.
    return '';
  }
}

function temporaryFolders(): string[] {
  return [...asked]
    .map((check) => `hubcanary-${check}`)
    .filter((name) => readdirSync(tmpdir()).includes(name));
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
    if (check.pid !== undefined) asked.add(check.pid);
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
  // A worker killed between minting its token and handing it up leaves a token that nobody knows; it ends by itself.
  const look = async () => {
    const { servers, processes: onHub, tokens } = await testbed.leftovers();
    return { tokens, left: { servers, onHub, survivors: survivors(), folders: temporaryFolders() } };
  };
  const isEmpty = (left: object) => Object.values(left).every((list) => list.length === 0);
  let found = await look();
  while (!isEmpty(found.left) && performance.now() < giveUpAt) {
    await pause(1_000);
    found = await look();
  }
  console.table(Object.fromEntries([...tally].toSorted(([a], [b]) => a.localeCompare(b))));
  console.log(`short-lived tokens that are left to end by themselves: ${found.tokens.length}`);
  const isClean = isEmpty(found.left);
  console.log(isClean ? `${wanted} runs, nothing left` : `LEFT: ${JSON.stringify(found.left, null, 2)}`);
  process.exitCode = isClean ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
