import { type Fit, linearFit } from './linear-fit.ts';

/** One stretch of a soak: a testbed, two services, many runs. */
export interface SoakPiece {
  readonly seed: number;
  readonly minutes: number;
  /** By who was killed and how the run ended. */
  readonly tally: Readonly<Record<string, number>>;
  /** How many were killed in which step. */
  readonly places: Readonly<Record<string, number>>;
  readonly serviceKills: number;
  /** Of the service that is never killed: one after each of its runs. */
  readonly samples: readonly Sample[];
  readonly left: {
    readonly servers: readonly string[];
    readonly tokens: readonly string[];
    /** On the hub's side: servers, kernels, schedulers, workers. */
    readonly hubProcesses: readonly string[];
    /** On ours: services, workers, browsers. */
    readonly ownProcesses: readonly string[];
    readonly folders: readonly string[];
    /** In the services' own books. */
    readonly leftovers: number;
  };
  /** From the end of the last run until nothing was left, at most two minutes. */
  readonly settledSeconds: number;
}

export interface Sample {
  readonly run: number;
  readonly rssBytes: number;
  /**
   * What V8 keeps for the youngest objects: it doubles this under load, up to 128 MiB on a machine with much memory
   * (`--max-semi-space-size`), and gives it back when nothing happens.
   */
  readonly youngBytes: number;
  /** What is in use of all of V8's memory. */
  readonly heapBytes: number;
}

export interface SoakTotals {
  readonly runs: number;
  readonly pieces: number;
  readonly minutes: number;
  readonly serviceKills: number;
  readonly tally: Readonly<Record<string, number>>;
  readonly places: Readonly<Record<string, number>>;
  readonly dirtyPieces: number;
}

export const emptyTotals: SoakTotals = {
  runs: 0,
  pieces: 0,
  minutes: 0,
  serviceKills: 0,
  tally: {},
  places: {},
  dirtyPieces: 0,
};

export function addPiece(totals: SoakTotals, piece: SoakPiece): SoakTotals {
  return {
    runs: totals.runs + runsIn(piece),
    pieces: totals.pieces + 1,
    minutes: totals.minutes + piece.minutes,
    serviceKills: totals.serviceKills + piece.serviceKills,
    tally: added(totals.tally, piece.tally),
    places: added(totals.places, piece.places),
    dirtyPieces: totals.dirtyPieces + (isClean(piece) ? 0 : 1),
  };
}

type Counts = Readonly<Record<string, number>>;

function added(some: Counts, more: Counts): Counts {
  const names = [...new Set([...Object.keys(some), ...Object.keys(more)])];
  return Object.fromEntries(names.map((name) => [name, (some[name] ?? 0) + (more[name] ?? 0)]));
}

export function isClean({ left }: SoakPiece): boolean {
  const { leftovers, ...lists } = left;
  return leftovers === 0 && Object.values(lists).every((list) => list.length === 0);
}

function runsIn({ tally }: SoakPiece): number {
  return Object.values(tally).reduce((sum, count) => sum + count, 0);
}

export function reportOf(piece: SoakPiece, totals: SoakTotals, wanted: number): string {
  const rows = Object.entries(totals.tally).toSorted(([a], [b]) => a.localeCompare(b));
  return [
    ...rows.map(([what, count]) => `${String(count).padStart(6)}  ${what}`),
    `${String(totals.runs).padStart(6)}  runs of ${wanted}, in ${totals.pieces} piece(s) and ${totals.minutes.toFixed(1)} min; the service killed ${totals.serviceKills} times`,
    `killed in: ${Object.entries(totals.places)
      .map(([place, count]) => `${place} ${count}`)
      .join(' · ')}`,
    '',
    ...memoryLines(piece.samples),
    isClean(piece)
      ? `nothing left on hub, gateway or machine ${piece.settledSeconds.toFixed(0)} s after the last run (seed ${piece.seed})`
      : `LEFT after ${piece.settledSeconds.toFixed(0)} s (seed ${piece.seed}): ${JSON.stringify(piece.left, null, 2)}`,
    ...(totals.dirtyPieces === 0 ? [] : [`pieces that left something: ${totals.dirtyPieces}`]),
  ].join('\n');
}

/** The first fifth is left out: caches fill, code is compiled. */
function memoryLines(samples: readonly Sample[]): readonly string[] {
  const settled = samples.slice(Math.floor(samples.length / 5));
  if (settled.length < 5) return [`memory of the service: too few runs (${samples.length}) for a trend`];
  const line = (what: string, of: (sample: Sample) => number) => {
    const fit = linearFit(settled.map((sample) => [sample.run, of(sample)]));
    return `${what}: ${trend(fit)} over ${settled.length} runs of the service that lives on`;
  };
  return [
    line('resident', ({ rssBytes }) => rssBytes),
    line('resident but for the youngest objects', ({ rssBytes, youngBytes }) => rssBytes - youngBytes),
    line('heap in use', ({ heapBytes }) => heapBytes),
  ];
}

export function memoryOf({ rssBytes, youngBytes, heapBytes }: Sample): string {
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return `       resident ${mebibytes(rssBytes)}, of it for the youngest objects up to ${mebibytes(youngBytes)}; heap in use ${mebibytes(heapBytes)}`;
}

function trend({ slope, slopeError, mean }: Fit): string {
  const per100 = (100 * slope) / 2 ** 20;
  const error = (100 * slopeError) / 2 ** 20;
  return `${(mean / 2 ** 20).toFixed(1)} MiB on average, ${per100 >= 0 ? '+' : ''}${per100.toFixed(2)} ± ${error.toFixed(2)} MiB per 100 runs`;
}
