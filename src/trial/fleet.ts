import type { Criterion } from '../core/criterion.ts';
import { type Random, createRandom, exponential, lognormal } from './random.ts';

/** A fleet to be made up, and what goes wrong in it. Durations are milliseconds, shares from 0 to 1, a month is 30 days. */
export interface FleetWish {
  readonly hubs: number;
  /** The hubs are spread over them evenly. */
  readonly clusters: number;
  /** In the order of CRITERIA. */
  readonly probes: readonly Criterion[];
  readonly intervalMs: number;
  readonly jitterMs: number;
  readonly days: number;
  /**
   * Share of runs that fail without any fault. All fail at the last criterion probed: the worst case, since failures
   * of different criteria do not confirm each other.
   */
  readonly flake: number;
  /** Share of runs that end by a fault of our own and tell nothing. */
  readonly errored: number;
  /** Per hub and month. */
  readonly outages: number;
  /** Per cluster and month; each hits all hubs of it. */
  readonly clusterOutages: number;
  /** Median; most are near it, one of twenty takes five times as long. */
  readonly outageMs: number;
  /** Short interruptions that end by themselves, such as a restart for a new version; per hub and month. */
  readonly restarts: number;
  readonly restartMs: number;
  /** Times of trouble on our own side that look like the hubs' fault; per month, for all hubs at once. */
  readonly bursts: number;
  readonly burstMs: number;
  /** Share of runs that fail in such a time. */
  readonly burstFlake: number;
  /** Median duration of a run that passes. */
  readonly runMs: number;
  /** Median duration of a run that fails. */
  readonly failedRunMs: number;
  /** How far durations lie from their median: 0 for not at all. */
  readonly spread: number;
  readonly seed: string;
}

export const MONTH_MS = 30 * 86_400_000;

/** Simulated time begins here. */
export const START_MS = Date.UTC(2026, 0, 1);

/** A stretch of time in which users of a hub can't do something. */
export interface Outage {
  readonly hub: string;
  readonly criterion: Criterion;
  readonly fromMs: number;
  readonly toMs: number;
  readonly kind: 'hub' | 'cluster' | 'restart';
}

export interface MadeUpHub {
  readonly name: string;
  readonly cluster: string;
  /** Soonest first. */
  readonly outages: readonly Outage[];
}

export interface Fleet {
  readonly hubs: readonly MadeUpHub[];
  /** Times in which runs fail by our own fault, soonest first. */
  readonly bursts: readonly Span[];
  readonly endMs: number;
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Makes up hubs and all that will happen to them; only the runs are left to be made. */
export function makeFleet(wish: FleetWish): Fleet {
  const random = createSources(wish);
  const endMs = START_MS + wish.days * 86_400_000;
  const clusters = Array.from({ length: Math.min(wish.clusters, wish.hubs) }, (_, index) => ({
    name: numbered('cluster', index),
    outages: spans(random('cluster', index), wish.clusterOutages, wish.outageMs, OUTAGE_SPREAD, endMs).map(
      (span) => ({ ...span, criterion: oneOf(random('cluster-criterion', span.fromMs), wish.probes) }),
    ),
  }));
  const hubs = Array.from({ length: wish.hubs }, (_, index) => {
    const name = numbered('hub', index);
    const cluster = clusters[index % clusters.length];
    const own = spans(random('hub', index), wish.outages, wish.outageMs, OUTAGE_SPREAD, endMs);
    const restarts = spans(random('restart', index), wish.restarts, wish.restartMs, 0, endMs);
    const criterionOf = ({ fromMs }: Span) => oneOf(random(name, fromMs), wish.probes);
    const outages: readonly Outage[] = [
      ...own.map((span) => ({ ...span, hub: name, criterion: criterionOf(span), kind: 'hub' as const })),
      ...(cluster?.outages ?? []).map((outage) => ({ ...outage, hub: name, kind: 'cluster' as const })),
      // A hub that restarts lets nobody in.
      ...restarts.map((span) => ({
        ...span,
        hub: name,
        criterion: wish.probes[0] ?? 'login',
        kind: 'restart' as const,
      })),
    ];
    return { name, cluster: cluster?.name ?? '', outages: outages.toSorted(bySoonest) };
  });
  return { hubs, bursts: spans(random('burst', 0), wish.bursts, wish.burstMs, 0, endMs), endMs };
}

/** With it one of twenty outages takes five times as long as the median. */
const OUTAGE_SPREAD = 1;

function createSources({ seed }: FleetWish): (what: string, number: number) => Random {
  return (what, number) => createRandom(`${seed}/${what}/${number}`);
}

/** What happens `perMonth` times, at random moments, none before the other is over. */
function spans(random: Random, perMonth: number, medianMs: number, spread: number, endMs: number): Span[] {
  const found: Span[] = [];
  if (perMonth <= 0) return found;
  let fromMs = START_MS + exponential(random, MONTH_MS / perMonth);
  while (fromMs < endMs) {
    const toMs = fromMs + lognormal(random, medianMs, spread);
    found.push({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) });
    fromMs = toMs + exponential(random, MONTH_MS / perMonth);
  }
  return found;
}

function oneOf<T>({ next }: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(next() * choices.length)];
  if (choice === undefined) throw new Error('there is nothing to choose from');
  return choice;
}

function bySoonest(one: Span, other: Span): number {
  return one.fromMs - other.fromMs;
}

function numbered(what: string, index: number): string {
  return `${what}-${String(index + 1).padStart(2, '0')}`;
}
