import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { openStore } from '../../../src/store/index.ts';
import type { Store } from '../../../src/store/store.ts';
import { VirtualClock } from '../../testbed/github/clock.ts';
import { startGitHub } from '../../testbed/github/stand-in.ts';
import type { Witness } from '../../testbed/github/witness.ts';
import { startReceiver } from '../../testbed/webhook/receiver.ts';
import { Dead } from '../mortal.ts';
import { randomFrom } from '../random.ts';
import { strikeByChance } from './chance.ts';
import { type Count, countAll } from './count.ts';
import { Generation, SWEPT_AFTER_MS } from './generation.ts';
import { type Scripted, decideNext } from './script.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly declarations: number;
  /** Off, and the count has to show it. */
  readonly looksBeforeItRepeats?: boolean;
  readonly sweeps?: boolean;
  readonly progress?: (declared: number) => void;
}

export interface SoakResult {
  readonly count: Count;
  readonly crashes: number;
  readonly faults: number;
  readonly faultKinds: number;
  /** What was told twice and taken back. */
  readonly takenBack: { readonly issue: number; readonly comment: number };
  /** Requests that came although GitHub had asked to wait. */
  readonly ignoredWaits: number;
  readonly requests: number;
  readonly virtualHours: number;
}

const MINUTE_MS = 60_000;
const DECLARED_EVERY_MS = 2 * MINUTE_MS;
const SWEPT_EVERY_MS = 10 * MINUTE_MS;
/** The sender dies at so many of its requests, before or after they are carried out, and of its calls of the store. */
const DIES_AT_REQUESTS = 0.008;
const DIES_AT_CALLS = 0.001;
const CHANNEL = 'webhook:pager';
const LANES: readonly string[] = ['github', CHANNEL];

/**
 * Declares incidents, each with its whole story, while GitHub and the webhook's receiver fail at random and the sender
 * dies at random, in virtual time, over HTTP, with the unmodified client and a real store. Ends when all is told and
 * everything late has come; then counts what there is.
 */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, declarations, looksBeforeItRepeats = true, sweeps = true, progress } = options;
  const random = randomFrom(seed);
  const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));
  const from = clock.now();
  await using closers = new AsyncDisposableStack();
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'soak-'));
  closers.defer(() => rm(folder, { recursive: true, force: true }));
  const open = () => openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  let store: Store = await open();
  closers.defer(() => store.close());

  const github = await startGitHub({ clock, countsCreations: true, witness: witness() });
  closers.defer(() => github.stop());
  const receiver = closers.use(await startReceiver());
  const chance = strikeByChance(github.faults, random);
  const takenBack = { issue: 0, comment: 0 };
  let mayDie = true;
  let crashes = 0;
  let generation = nextGeneration();

  function witness(): Witness {
    const dies = ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }) => {
      if (!String(headers['user-agent']).startsWith(generation.userAgent)) return true;
      if (!generation.isDead && mayDie && random() < DIES_AT_REQUESTS / 2) generation.die();
      return generation.isDead;
    };
    return { arrived: dies, committed: dies };
  }

  function nextGeneration(): Generation {
    return new Generation({
      number: crashes,
      store,
      github,
      receiver,
      clock,
      random,
      diesAtCalls: mayDie ? DIES_AT_CALLS : 0,
      looksBeforeItRepeats,
      onDuplicate: (kind) => (takenBack[kind] += 1),
    });
  }

  /** @returns whether it lived through it */
  async function survives(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Dead) && !generation.isDead) throw error;
    }
    if (!generation.isDead) return true;
    crashes += 1;
    await store.close();
    store = await open();
    generation = nextGeneration();
    return false;
  }

  function receiverBehaves(): void {
    const number = mayDie ? random() : 1;
    if (number < 0.05) receiver.behave({ kind: 'answer', status: 503 });
    else if (number < 0.08) receiver.behave({ kind: 'reset' });
    else if (number < 0.1) receiver.behave({ kind: 'answer', status: 429, headers: { 'retry-after': '30' } });
    else receiver.behaveWell();
  }

  const scripts: Scripted[] = [];
  let active: Scripted[] = [];
  let declaresAt = clock.now();
  let sweptAt = clock.now();
  let isDue = LANES.map(() => true);

  async function turn(): Promise<void> {
    if (scripts.length < declarations && clock.now() >= declaresAt) {
      const scripted = { id: ulid(clock.now()), effects: [], step: 0, dueAt: clock.now() };
      scripts.push(scripted);
      active.push(scripted);
      declaresAt = clock.now() + DECLARED_EVERY_MS * 2 * random();
      progress?.(scripts.length);
    }
    for (const scripted of active.filter(({ dueAt }) => dueAt <= clock.now())) {
      isDue.fill(true);
      const goesOn = await decideNext(store, scripted, new Date(clock.now()), { channel: CHANNEL, random });
      if (!goesOn) active = active.filter((other) => other !== scripted);
    }
    receiverBehaves();
    for (const index of LANES.keys()) {
      if (isDue[index] !== true) continue;
      await survives(async () => generation.senders[index]?.pass(AbortSignal.timeout(MINUTE_MS)));
    }
    if (sweeps && clock.now() - sweptAt >= SWEPT_EVERY_MS) {
      sweptAt = clock.now();
      await survives(() => generation.sweeper.sweep(AbortSignal.timeout(MINUTE_MS)).catch(unlessDead));
    }
  }

  /** A sweep that GitHub did not let happen is made up for by the next. */
  function unlessDead(error: unknown): void {
    if (error instanceof Dead) throw error;
  }

  async function nextMoment(): Promise<number> {
    const due = await Promise.all(LANES.map((name) => store.outbox.nextDue(name)));
    const dueAt = due.map((date) => date?.getTime() ?? Infinity);
    const moments = [
      ...dueAt,
      ...active.map(({ dueAt }) => dueAt),
      ...(scripts.length < declarations ? [declaresAt] : []),
      ...(sweeps ? [sweptAt + SWEPT_EVERY_MS] : []),
    ];
    const next = Math.max(clock.now() + 50, Math.min(clock.now() + SWEPT_EVERY_MS, ...moments));
    isDue = dueAt.map((at) => at <= next);
    return next;
  }

  while (scripts.length < declarations || active.length > 0 || (await store.outbox.status()).pending > 0) {
    await turn();
    clock.advanceTo(await nextMoment());
    if (scripts.length === declarations && active.length === 0) mayDie = false;
  }
  chance.stop();
  // Whatever is late comes, and the last sweeps see it; a new process looks for all of it once.
  for (const end = clock.now() + 2 * Math.max(...SWEPT_AFTER_MS); clock.now() < end;) {
    await turn();
    clock.advanceTo(clock.now() + SWEPT_EVERY_MS);
  }
  return {
    count: await countAll(store, scripts, github.issues(), receiver.once()),
    crashes,
    faults: [...chance.struck.values()].reduce((sum, times) => sum + times, 0),
    faultKinds: chance.struck.size,
    takenBack,
    ignoredWaits: github.ignoredWaits(),
    requests: github.requests().length,
    virtualHours: (clock.now() - from) / (60 * MINUTE_MS),
  };
}
