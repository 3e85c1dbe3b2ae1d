import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';

const DECLARATIONS = 100;
const KILLS = 100;
/** Side by side, each with a store of its own, all telling the same GitHub. */
const LANES = 2;
/** How long GitHub takes at most over a request, so that kills hit it before, in and after its commit. */
const SLOW_MS = 8;
const CHILD = join(import.meta.dirname, 'child-service.ts');

/** The same seed gives the same moments, as far as the machine allows. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Lane {
  readonly path: string;
  readonly github: GitHubStandIn;
  readonly random: () => number;
  readonly declarations: number;
  readonly kills: number;
  readonly compileCache: string;
}

/** Kills the service this often, somewhere in its work, and starts it again until it says that all is told. */
async function killAndRestart(lane: Lane): Promise<{ kills: number; declarations: number }> {
  let kills = 0;
  let { declarations } = lane;
  for (;;) {
    const { child, saidDone } = start(lane, declarations);
    const exited = once(child, 'exit');
    try {
      if (kills < lane.kills) {
        await somewhere(child, lane);
        if (child.exitCode === null && child.kill('SIGKILL')) kills += 1;
      }
      await exited;
    } finally {
      child.kill('SIGKILL');
    }
    if (!saidDone()) continue;
    if (kills === lane.kills) return { kills, declarations };
    // It was quicker than the kills: it gets more to do.
    declarations += 5;
  }
}

function start({ path, github, compileCache }: Lane, declarations: number) {
  const args = [CHILD, path, github.url, github.repository, github.token, String(declarations)];
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache };
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let isDone = false;
  child.stdout.on('data', (chunk) => (isDone ||= String(chunk).includes('done')));
  return { child, saidDone: () => isDone };
}

/**
 * A random moment after a random one of the next requests has arrived: they are the work, and the child is killed while
 * it waits for the answer, reads it, records it, or is on the way to the next. Ends when the child does.
 */
async function somewhere(child: ChildProcess, { github, random }: Lane): Promise<void> {
  const wanted = github.requests().length + 1 + Math.floor(random() * 4);
  const giveUpAt = performance.now() + 1_000 + 1_000 * random();
  const isOver = () => child.exitCode !== null || performance.now() > giveUpAt;
  while (github.requests().length < wanted && !isOver()) await pause(1);
  await pause(random() * 2 * SLOW_MS);
}

it('leaves exactly one issue per declaration when the service is killed again and again', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  console.log(`SEED=${seed} repeats it`);
  const folder = await mkdtemp(join(tmpdir(), 'sigkill-'));
  await using github = await startGitHub();
  github.faults.set('slow', { slowMs: SLOW_MS });
  const lanes = Array.from({ length: LANES }, (_, index) => ({
    path: join(folder, `${index}.db`),
    github,
    random: randomFrom(seed + index),
    declarations: DECLARATIONS / LANES,
    kills: KILLS / LANES,
    compileCache: join(folder, 'compiled'),
  }));
  try {
    const done = await Promise.all(lanes.map(killAndRestart));

    const incidents = (await Promise.all(lanes.map(({ path }) => incidentsIn(path)))).flat();
    const perIncident = incidents.map(
      ({ id }) => github.issues().filter(({ body }) => body.includes(`id=${id}`)).length,
    );
    const adopted = incidents.filter(({ wasAdopted }) => wasAdopted).length;
    const kills = done.reduce((sum, lane) => sum + lane.kills, 0);
    const declarations = done.reduce((sum, lane) => sum + lane.declarations, 0);
    // Only who does not know how far a dead one came looks before it sends.
    const looks = github
      .requests()
      .filter(({ method, path }) => method === 'GET' && path.includes('?')).length;
    console.log(
      `${kills} kills, ${declarations} declarations, ${looks} looks, ${adopted} issues found by them`,
    );
    expect(kills).toBe(KILLS);
    expect(declarations).toBeGreaterThanOrEqual(DECLARATIONS);
    expect(incidents).toHaveLength(declarations);
    expect(perIncident.filter((count) => count !== 1)).toEqual([]);
    expect(github.issues()).toHaveLength(declarations);
    expect(incidents.every(({ issue }) => issue !== null)).toBe(true);
    expect(
      github.issues().filter(({ comments, state }) => comments.length !== 1 || state !== 'closed'),
    ).toEqual([]);
    // Else the kills missed the window that this is about.
    expect(looks).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

it('lets one of two processes that start at once have the store, and turns the other away', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'race-'));
  await using github = await startGitHub();
  const lane = {
    path: join(folder, 'a.db'),
    github,
    random: () => 0,
    declarations: 20,
    kills: 0,
    compileCache: join(folder, 'compiled'),
  };
  try {
    const children = [start(lane, 20), start(lane, 20)];
    const exits = await Promise.all(children.map(async ({ child }) => (await once(child, 'exit'))[0]));

    // Whoever comes a moment after the first has ended finds all done.
    expect(exits).toContain(0);
    expect(children.some(({ saidDone }) => saidDone())).toBe(true);
    expect(github.issues()).toHaveLength(20);
    expect(github.issues().every(({ comments }) => comments.length === 1)).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function incidentsIn(path: string) {
  const store = await openStore({ kind: 'sqlite', path });
  const incidents = await store.incidents({ limit: 1_000 });
  const events = await Promise.all(incidents.map(({ id }) => store.incidentEvents(id)));
  await store.close();
  return incidents.map((incident, index) => ({
    ...incident,
    wasAdopted: events[index]?.some(({ because }) => because.includes('earlier attempt')) ?? false,
  }));
}
