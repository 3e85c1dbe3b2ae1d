/** How often a hub is looked at, by its schedule and its jitter. Milliseconds. */
export interface Rhythm {
  /** The least that lies between two scheduled runs. */
  readonly intervalMs: number;
  /** The most: a schedule may leave out nights and weekends. */
  readonly longestGapMs: number;
}

/** Without evidence for this many schedule intervals a verdict no longer holds. */
export const STALE_INTERVALS = 3;

/** A ceiling of logins may keep a hub's runs back for as long as this. */
const LOGINS_COUNTED_MS = 3_600_000;

/** After more silence than this, what was seen before and what is seen now are not in a row. Milliseconds. */
export function silenceMs({ intervalMs, longestGapMs }: Rhythm): number {
  return Math.max(STALE_INTERVALS * intervalMs, LOGINS_COUNTED_MS + intervalMs, longestGapMs + intervalMs);
}

/** Of runs that are always as far apart. */
export function evenRhythm(intervalMs: number): Rhythm {
  return { intervalMs, longestGapMs: intervalMs };
}
