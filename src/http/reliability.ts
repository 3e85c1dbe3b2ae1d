import { setImmediate as breathe } from 'node:timers/promises';
import { CRITERIA, type Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { Store } from '../store/store.ts';

/** How often users could, in one calendar month. */
export interface MonthOfCriterion {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly criterion: Criterion;
  readonly passed: number;
  /** Scheduled runs that said something of the criterion. */
  readonly tried: number;
}

const MONTHS = 3;
const READ_AT_ONCE = 200;

interface Tally {
  /** The newest run counted so far; empty for none. */
  newest: string;
  readonly counts: Map<string, { passed: number; tried: number }>;
}

/**
 * Reliability per criterion and month, of this month and the two before. A hub's history is read once, in small portions;
 * after that only what is new. Scheduled runs alone count: those that confirm a failure would count it twice.
 */
export function createReliability(store: Pick<Store, 'runs' | 'credentialProven'>) {
  const tallies = new Map<string, Tally>();
  return async (hub: Hub, now: Date): Promise<readonly MonthOfCriterion[]> => {
    const oldest = firstMonth(now);
    const tally = tallies.get(hub.name) ?? { newest: '', counts: new Map() };
    const fresh: Run[] = [];
    for await (const run of newerThan(store, hub.name, tally.newest)) {
      if (run.startedAt < oldest) break;
      fresh.push(run);
    }
    const isProven = await store.credentialProven(hub.name, hub.login.username);
    // Between reading and here others may have counted the same runs; each is counted once.
    for (const run of fresh.toReversed()) if (run.id > tally.newest) count(tally, run, isProven);
    tallies.set(hub.name, tally);
    return monthsOf(tally, oldest);
  };
}

async function* newerThan(store: Pick<Store, 'runs'>, hub: string, newest: string): AsyncGenerator<Run> {
  let before: string | null = null;
  for (;;) {
    const page: readonly Run[] = await store.runs({
      hub,
      limit: READ_AT_ONCE,
      ...(before === null ? {} : { before }),
    });
    for (const run of page) {
      if (run.id <= newest) return;
      yield run;
    }
    before = page.at(-1)?.id ?? null;
    if (before === null || page.length < READ_AT_ONCE) return;
    await breathe();
  }
}

function count(tally: Tally, run: Run, isProven: boolean): void {
  tally.newest = run.id;
  const saysNothing = run.failure?.reason === 'login-rejected' && !isProven;
  if (run.trigger !== 'schedule' || saysNothing) return;
  // Our own faults and our own stops are no evidence, not even for what passed before them.
  if (run.outcome !== 'passed' && run.outcome !== 'failed') return;
  for (const criterion of CRITERIA) {
    const result = run.criteria[criterion];
    if (result !== 'passed' && result !== 'failed') continue;
    const key = `${run.startedAt.slice(0, 7)} ${criterion}`;
    const { passed, tried } = tally.counts.get(key) ?? { passed: 0, tried: 0 };
    tally.counts.set(key, { passed: passed + (result === 'passed' ? 1 : 0), tried: tried + 1 });
  }
}

function monthsOf(tally: Tally, oldest: string): readonly MonthOfCriterion[] {
  const months = [...new Set([...tally.counts.keys()].map((key) => key.slice(0, 7)))]
    .filter((month) => month >= oldest.slice(0, 7))
    .toSorted()
    .toReversed();
  return months.flatMap((month) =>
    CRITERIA.flatMap((criterion) => {
      const counted = tally.counts.get(`${month} ${criterion}`);
      return counted === undefined ? [] : [{ month, criterion, ...counted }];
    }),
  );
}

function firstMonth(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS + 1)).toISOString();
}
