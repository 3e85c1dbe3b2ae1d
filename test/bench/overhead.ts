import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestbed } from '../testbed/testbed.ts';

/**
 * What the checks cost: `hubcanary check` with all three probes against a bare Playwright script that goes the same way,
 * taking turns on one testbed in one run. Argument: how many turns each (default 10).
 */
const turns = Number(process.argv[2] ?? 10);
const goal = 1.3;

await using testbed = await startTestbed({ onProgress: (line) => process.stderr.write(`${line}\n`) });
const [user = ''] = testbed.users;
const folder = await mkdtemp(join(tmpdir(), 'overhead-'));
const config = join(folder, 'config.yaml');
await writeFile(
  config,
  `hubs:
  - name: bench
    url: ${testbed.hubUrl}
    login: {kind: password, username: ${user}, password: {env: HUB_PASSWORD}}
    probes: [login, server, dask]
`,
);

const contestants = {
  'bare script': ['test/bench/bare-journey.ts', testbed.hubUrl, user],
  'hubcanary check': ['bin/hubcanary.js', 'check', 'bench', '--config', config, '--evidence', folder],
};

/** Wall time of a whole process, in seconds. */
function timed(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, HUB_PASSWORD: testbed.password },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 180_000,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => {
      if (code === 0) resolve((performance.now() - startedAt) / 1000);
      else reject(new Error(`${args[0]} ended with ${code}:\n${output}`));
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

const times = new Map(Object.keys(contestants).map((name) => [name, [] as number[]]));
try {
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [name, args] of Object.entries(contestants)) {
      const seconds = await timed(args);
      // The first turn warms the machine's caches and does not count.
      if (turn > 0) times.get(name)?.push(seconds);
      process.stderr.write(
        `${turn === 0 ? 'warm-up' : `turn ${turn}`}  ${name.padEnd(16)} ${seconds.toFixed(2)} s\n`,
      );
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

const rows = [...times].map(([name, seconds]) => ({
  contestant: name,
  turns: seconds.length,
  'median s': median(seconds).toFixed(2),
  'min s': Math.min(...seconds).toFixed(2),
  'max s': Math.max(...seconds).toFixed(2),
}));
console.table(rows);
const ratio = median(times.get('hubcanary check') ?? []) / median(times.get('bare script') ?? []);
console.log(
  `ratio of medians: ${ratio.toFixed(2)} (goal: at most ${goal}) ${ratio <= goal ? 'met' : 'NOT MET'}`,
);
