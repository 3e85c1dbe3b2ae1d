import type { EventKind, Member } from '../core/incident.ts';
import { stretchesOf } from './compare.ts';
import { type Fleet, type FleetWish, MONTH_MS, type Outage } from './fleet.ts';
import type { Entry } from './ledger.ts';
import type { Simulation } from './simulate.ts';
import { poissonRange, quantile } from './statistics.ts';

/** What a simulation came to. */
export interface Measures {
  readonly months: number;
  readonly declared: {
    readonly all: number;
    /** Of an outage. */
    readonly right: number;
    /** Of something else, by what it was. */
    readonly false: { readonly all: number } & Readonly<Record<Exclude<Cause, 'outage'>, number>>;
    /** Per 80 hubs and month, and between which values its true mean lies with 95 % certainty. */
    readonly falsePerMonth: { readonly mean: number; readonly low: number; readonly high: number };
  };
  readonly outages: {
    /** Of hubs: one of a cluster counts for each of its hubs. */
    readonly all: number;
    readonly declared: number;
    /** Lasted for two intervals or longer, and nothing was declared. */
    readonly missed: number;
    /** Nothing was declared, and it was over before that. */
    readonly tooShort: number;
  };
  /** From the start of an outage until its hub was part of a declared incident. */
  readonly secondsToDeclare: {
    readonly median: number | null;
    readonly p95: number | null;
    readonly longest: number | null;
  };
  readonly runs: Simulation['runs'];
}

/** What an incident was declared for: an outage, an interruption that ends by itself, our own trouble, or nothing. */
type Cause = 'outage' | 'restart' | 'burst' | 'flake';

/** The promise is made for this many hubs. */
const HUBS_PROMISED = 80;

export function measure(wish: FleetWish, { fleet, entries, runs }: Simulation): Measures {
  const months = (wish.days * 86_400_000) / MONTH_MS;
  const declarations = entries.flatMap(declarationsOf);
  const causes = declarations.map((declaration) => causeOf(declaration, fleet));
  const number = (cause: Cause) => causes.filter((each) => each === cause).length;
  const wrong = causes.length - number('outage');
  const scale = HUBS_PROMISED / (wish.hubs * months);
  const { low, high } = poissonRange(wrong);
  const fates = fatesOf(fleet, entries, wish);
  const declared = fates.filter((fate) => typeof fate === 'number');
  return {
    months,
    declared: {
      all: causes.length,
      right: number('outage'),
      false: { all: wrong, flake: number('flake'), restart: number('restart'), burst: number('burst') },
      falsePerMonth: { mean: wrong * scale, low: low * scale, high: high * scale },
    },
    outages: {
      all: fates.length,
      declared: fates.filter((fate) => typeof fate === 'number' || fate === 'covered').length,
      missed: fates.filter((fate) => fate === 'missed').length,
      tooShort: fates.filter((fate) => fate === 'too-short').length,
    },
    secondsToDeclare: {
      median: quantile(declared, 0.5),
      p95: quantile(declared, 0.95),
      longest: quantile(declared, 1),
    },
    runs,
  };
}

/** An incident was declared, or declared again: somebody was called. */
interface Declaration {
  readonly atMs: number;
  readonly members: readonly Member[];
}

function declarationsOf({ incident, events }: Entry): readonly Declaration[] {
  return events
    .filter(({ kind }) => kind === 'declared' || kind === 'reopened')
    .map(({ at, data }) => ({ atMs: Date.parse(at), members: data.members ?? incident.members }));
}

function causeOf({ atMs, members }: Declaration, { hubs, bursts }: Fleet): Cause {
  const met = members.flatMap(({ hub, since }) => {
    const fromMs = Date.parse(since);
    const outages = hubs.find(({ name }) => name === hub)?.outages ?? [];
    return [
      ...outages.filter((each) => overlaps(each, fromMs, atMs)).map(({ kind }) => kind),
      ...bursts.filter((each) => overlaps(each, fromMs, atMs)).map(() => 'burst' as const),
    ];
  });
  if (met.includes('hub') || met.includes('cluster')) return 'outage';
  if (met.includes('restart')) return 'restart';
  return met.includes('burst') ? 'burst' : 'flake';
}

/** How long an outage took to be declared, in seconds; `covered`: by an incident that its hub was part of already. */
type Fate = number | 'covered' | 'missed' | 'too-short';

function fatesOf({ hubs, endMs }: Fleet, entries: readonly Entry[], wish: FleetWish): readonly Fate[] {
  const beginnings = Map.groupBy(entries.flatMap(beginningsOf), ({ hub }) => hub);
  const memberships = Map.groupBy(entries.flatMap(membershipsOf), ({ hub }) => hub);
  return hubs.flatMap(({ name, outages }) =>
    outages
      .filter(({ kind, toMs }) => kind !== 'restart' && toMs < endMs)
      .map((outage) => fateOf(outage, beginnings.get(name) ?? [], memberships.get(name) ?? [], wish)),
  );
}

/** From this moment on, a hub of which the first failure was then is part of an incident. */
interface Beginning {
  readonly hub: string;
  readonly failedMs: number;
  readonly atMs: number;
}

/** What brings a hub into an incident that is told; one that comes back before it was over is there already. */
const BRINGING: ReadonlySet<EventKind> = new Set(['declared', 'reopened', 'joined', 'widened', 'absorbed']);

function beginningsOf({ events }: Entry): readonly Beginning[] {
  return events
    .filter(({ kind }) => BRINGING.has(kind))
    .flatMap(({ at, data }) =>
      (data.members ?? []).map(({ hub, since }) => ({
        hub,
        failedMs: Date.parse(since),
        atMs: Date.parse(at),
      })),
    );
}

interface Membership {
  readonly hub: string;
  readonly fromMs: number;
  readonly toMs: number;
}

function membershipsOf(entry: Entry): readonly Membership[] {
  return stretchesOf(entry).flatMap(({ fromMs, toMs }) =>
    entry.incident.members.map(({ hub }) => ({ hub, fromMs, toMs: toMs ?? Infinity })),
  );
}

function fateOf(
  { fromMs, toMs }: Outage,
  beginnings: readonly Beginning[],
  memberships: readonly Membership[],
  { intervalMs, runMs }: FleetWish,
): Fate {
  const own = beginnings.filter(({ failedMs, atMs }) => failedMs <= toMs && atMs >= fromMs);
  const first = Math.min(...own.filter(({ failedMs }) => failedMs >= fromMs).map(({ atMs }) => atMs));
  if (first !== Infinity) return (first - fromMs) / 1000;
  if (own.length > 0 || memberships.some((each) => overlaps(each, fromMs, toMs))) return 'covered';
  return toMs - fromMs < 2 * intervalMs + runMs ? 'too-short' : 'missed';
}

function overlaps(
  span: { readonly fromMs: number; readonly toMs: number },
  fromMs: number,
  toMs: number,
): boolean {
  return span.fromMs <= toMs && fromMs <= span.toMs;
}
