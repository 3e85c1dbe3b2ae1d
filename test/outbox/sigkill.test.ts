import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';

const DECLARATIONS = 100;
const CHILD = join(import.meta.dirname, 'child-service.ts');

/** Repeatable: a failure names the seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Kills at a random moment after the next request has reached GitHub, or some time after the start. */
async function killSomewhere(child: ReturnType<typeof spawn>, github: GitHubStandIn, random: () => number) {
  const seen = github.requests().length;
  const giveUpAt = performance.now() + 2_000;
  while (github.requests().length === seen && child.exitCode === null && performance.now() < giveUpAt) {
    await pause(1);
  }
  await pause(random() * 12);
  child.kill('SIGKILL');
}

it('leaves exactly one issue per declaration when the service is killed again and again', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}: SEED=${seed} repeats it`);
  const random = randomFrom(seed);
  const folder = await mkdtemp(join(tmpdir(), 'sigkill-'));
  await using github = await startGitHub();
  const path = join(folder, 'a.db');
  let kills = 0;
  let running: ReturnType<typeof spawn> | null = null;
  try {
    for (let isDone = false; !isDone;) {
      const args = [CHILD, path, github.url, github.repository, github.token, String(DECLARATIONS)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.on('data', (chunk) => (isDone ||= String(chunk).includes('done')));
      running = child;
      const exited = once(child, 'exit');
      // Enough kills to hit every line; then it may finish.
      if (kills < DECLARATIONS) {
        kills += 1;
        await killSomewhere(child, github, random);
      }
      await exited;
    }

    const store = await openStore({ kind: 'sqlite', path });
    const incidents = await store.incidents({ limit: 1_000 });
    await store.close();
    const perIncident = incidents.map(
      ({ id }) => github.issues().filter(({ body }) => body.includes(`id=${id}`)).length,
    );
    expect(kills).toBe(DECLARATIONS);
    expect(incidents).toHaveLength(DECLARATIONS);
    expect(perIncident.filter((count) => count !== 1)).toEqual([]);
    expect(github.issues()).toHaveLength(DECLARATIONS);
    expect(incidents.every(({ issue }) => issue !== null)).toBe(true);
  } finally {
    running?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
