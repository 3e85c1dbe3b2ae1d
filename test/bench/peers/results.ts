/** Of several measurements. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Null of nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [least] = sorted;
  const most = sorted.at(-1);
  if (least === undefined || most === undefined) return null;
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
  return { median, least, most };
}

/** What one healthy check costs a contestant. */
export interface Cost {
  readonly contestant: string;
  readonly atOnce: number;
  /** Warm ones, of which the numbers below are made, but for the first. */
  readonly runs: number;
  /** Runs that did not pass although the hub was well. */
  readonly failed: number;
  readonly coldSeconds: Spread | null;
  readonly warmSeconds: Spread | null;
  /** Of the warm ones: what the hub says that the server took to start, and all the rest. */
  readonly hubStartSeconds: Spread | null;
  readonly otherSeconds: Spread | null;
  readonly cpuSeconds: Spread | null;
  readonly peakMiB: Spread | null;
  /** Of the machine meanwhile: how many processes wanted a core, over a minute. */
  readonly load: Spread | null;
}

/** What a contestant made of a row. */
export interface Verdict {
  /** It said that something was wrong with the hub. */
  readonly noticed: boolean;
  /** The criterion that can be read from what it said. */
  readonly blamed: string | null;
  /** A reader of what it said can tell the cause, too. */
  readonly tellsWhy: boolean;
  /** Of the whole process. */
  readonly seconds: number;
  /** It was ended before it said anything. */
  readonly timedOut: boolean;
}

/** What came of one row of the failure table. */
export interface JudgedRow {
  readonly fault: string;
  /** Null where nothing is wrong with the hub, whatever it looks like. */
  readonly criterion: string | null;
  readonly reason: string | null;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

export interface Results {
  readonly cost: readonly Cost[];
  readonly rows: readonly JudgedRow[];
}

/** What was measured last takes the place of what was measured before. */
export function merged(before: Results, now: Results): Results {
  const cost = before.cost.filter(
    (old) => !now.cost.some((one) => one.contestant === old.contestant && one.atOnce === old.atOnce),
  );
  const rows = new Map(before.rows.map((row) => [row.fault, row]));
  for (const row of now.rows) {
    rows.set(row.fault, { ...row, verdicts: { ...rows.get(row.fault)?.verdicts, ...row.verdicts } });
  }
  return { cost: [...cost, ...now.cost], rows: [...rows.values()] };
}
