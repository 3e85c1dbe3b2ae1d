import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { probes } from '../../../probes/index.ts';
import { CRITERIA } from '../../../src/core/criterion.ts';
import { killProcess, readProc } from '../../../src/runner/proc.ts';
import { ProcessTree } from '../../../src/runner/process-tree.ts';
import { hubOf } from '../../journey/check-hub.ts';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { type Random, randomFrom } from './random.ts';
import { type Sample, type SoakPiece, memoryOf } from './report.ts';
import { CLEANUP, SoakService } from './service.ts';

const SETTLED_WITHIN_MS = 120_000;
/** So long after a step has begun at most: somewhere in it, or in one that follows at once. */
const KILLED_WITHIN_MS = 800;
/** Chances of a run, out of 100, that somebody is killed: `nobody` has the rest. */
const CHANCES = { worker: 45, browser: 30, service: 10 } as const;

/** Every step of every probe, and the cleanup that follows. */
const PLACES = [
  ...CRITERIA.flatMap((criterion) =>
    probes[criterion].steps(hubOf({ hubUrl: 'http://127.0.0.1/' }, 'canary')),
  ),
  CLEANUP,
];

interface PieceWish {
  readonly runs: number;
  readonly minutes: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Two services side by side, each with a user of its own; one of them is killed too, the other lives through all of it. */
export async function soakPiece({ runs, minutes, seed, say }: PieceWish): Promise<SoakPiece> {
  const startedAt = performance.now();
  const endAt = startedAt + minutes * 60_000;
  await using testbed = await startTestbed({ onProgress: say });
  const folder = await mkdtemp(join(tmpdir(), 'soak-'));
  const tally = new Map<string, number>();
  const places = new Map(PLACES.map((place) => [place, 0]));
  const samples: Sample[] = [];
  const seen: string[] = [];
  const services: SoakService[] = [];
  let serviceKills = 0;
  let begun = 0;

  const count = (what: string) => {
    tally.set(what, (tally.get(what) ?? 0) + 1);
    say(`${String([...tally.values()].reduce((sum, one) => sum + one, 0)).padStart(5)}  ${what}`);
  };

  async function lane(service: SoakService, mayDie: boolean, random: Random): Promise<void> {
    let before: string | null = null;
    while (begun < runs && performance.now() < endAt) {
      const run = await service.running();
      if (run === null || run === before) {
        await pause(50);
        continue;
      }
      before = run;
      begun += 1;
      seen.push(run);
      const victim = victimOf(random, mayDie);
      const place = PLACES[Math.floor(random() * PLACES.length)] ?? CLEANUP;
      const afterMs = random() * KILLED_WITHIN_MS;
      const killed = victim === 'nobody' ? victim : await killAt(place, afterMs, victim, run, service);
      if (killed !== 'nobody') places.set(place, (places.get(place) ?? 0) + 1);
      if (killed === 'service') serviceKills += 1;
      const ended = await untilEnded(service, run);
      count(`${killed} killed: ${ended}`);
      if (!mayDie) {
        const sample = {
          run: samples.length,
          rssBytes: service.rssBytes(),
          youngBytes: await service.gauge('nodejs_heap_space_size_total_bytes{space="new"}'),
          heapBytes: await service.gauge('nodejs_heap_size_used_bytes'),
        };
        samples.push(sample);
        if (sample.run % 10 === 0) say(memoryOf(sample));
      }
    }
  }

  try {
    const [steady = '', mortal = ''] = testbed.users;
    for (const user of [steady, mortal]) {
      const { hubUrl, password } = testbed;
      const service = await SoakService.create({ folder, hubUrl, user, password });
      services.push(service);
      await service.start();
    }
    await Promise.all(services.map((service, index) => lane(service, index === 1, randomFrom(seed + index))));
    const settle = await untilNothingIsLeft(testbed, services, seen);
    await Promise.all(services.map((service) => service.stop()));
    const left = await lookFor(testbed, services, seen, settle.leftovers);
    return {
      seed,
      minutes: (performance.now() - startedAt) / 60_000,
      tally: Object.fromEntries(tally),
      places: Object.fromEntries(places),
      serviceKills,
      samples,
      left,
      settledSeconds: settle.seconds,
    };
  } finally {
    for (const service of services) await service.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function victimOf(random: Random, mayDie: boolean): 'worker' | 'browser' | 'service' | 'nobody' {
  const drawn = random() * 100;
  if (drawn < CHANCES.worker) return 'worker';
  if (drawn < CHANCES.worker + CHANCES.browser) return 'browser';
  return mayDie && drawn < CHANCES.worker + CHANCES.browser + CHANCES.service ? 'service' : 'nobody';
}

async function killAt(
  place: string,
  afterMs: number,
  victim: ReturnType<typeof victimOf>,
  run: string,
  service: SoakService,
): Promise<string> {
  if (!(await service.reaches(run, place))) return 'nobody';
  await pause(afterMs);
  return kill(victim, run, service);
}

async function kill(victim: ReturnType<typeof victimOf>, run: string, service: SoakService): Promise<string> {
  if (victim === 'service') {
    await service.kill();
    await service.start();
    return victim;
  }
  const marks = { worker: 'worker/main', browser: '--remote-debugging-pipe', nobody: null };
  const mark = marks[victim];
  if (mark === null) return 'nobody';
  const pids = new ProcessTree(run).pids().filter((pid) => commandOf(pid).includes(mark));
  for (const pid of pids) killProcess(pid);
  return pids.length === 0 ? 'nobody' : victim;
}

async function untilEnded(service: SoakService, run: string): Promise<string> {
  const giveUpAt = performance.now() + 6 * 60_000;
  while (performance.now() < giveUpAt) {
    const end = await service.endOf(run);
    if (end !== null) return end;
    await pause(100);
  }
  return 'NEVER ENDED';
}

/** The services go on while one looks, as they would: what a run of theirs owns just now is not left. So they are stopped first. */
async function untilNothingIsLeft(
  testbed: Testbed,
  services: readonly SoakService[],
  seen: readonly string[],
) {
  // Told to stop, they end their runs and clean up; started again, only the janitor has something to do.
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1000;
  let leftovers = 0;
  for (;;) {
    leftovers = (
      await Promise.all(services.map((service) => service.gauge('hubcanary_leaked_resources')))
    ).reduce((sum, one) => sum + one, 0);
    if (leftovers === 0 || performance.now() - startedAt > SETTLED_WITHIN_MS) break;
    await pause(1_000);
  }
  await Promise.all(services.map((service) => service.stop()));
  for (;;) {
    const left = await lookFor(testbed, services, seen, leftovers);
    const { ownProcesses, ...others } = left;
    const clean =
      ownProcesses.length === 0 &&
      Object.values(others).every((each) => each === 0 || (Array.isArray(each) && each.length === 0));
    if (clean || performance.now() - startedAt > 2 * SETTLED_WITHIN_MS)
      return { leftovers, seconds: seconds() };
    await pause(1_000);
  }
}

async function lookFor(
  testbed: Testbed,
  services: readonly SoakService[],
  seen: readonly string[],
  leftovers: number,
): Promise<SoakPiece['left']> {
  const { servers, tokens, processes } = await testbed.leftovers();
  const pids = services.flatMap((service) => service.pids);
  return {
    servers,
    tokens,
    hubProcesses: processes,
    ownProcesses: survivors(pids, seen),
    folders: readdirSync(tmpdir()).filter((name) => pids.some((pid) => name === `hubcanary-${pid}`)),
    leftovers,
  };
}

/** Processes of the services, and of runs of theirs whoever their parent is now. */
function survivors(pids: readonly number[], seen: readonly string[]): readonly string[] {
  const ofRuns = seen.flatMap((run) => new ProcessTree(run).pids());
  const ofServices = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter(
      (pid) =>
        pids.includes(pid) ||
        pids.some((service) => readProc(pid, 'environ').includes(`/hubcanary-${service}/`)),
    );
  return [...new Set([...ofRuns, ...ofServices])].map((pid) => `${pid} ${commandOf(pid).slice(0, 100)}`);
}

function commandOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ');
}
