/** When to try a delivery again. Durations are milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
  /**
   * After a request whose fate is not known: GitHub may still be carrying it out, and a list may not show it yet.
   * Measured late commits and stale lists stay below a minute.
   */
  readonly quarantineMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 5_000, mostMs: 5 * 60_000, quarantineMs: 60_000 };

/** Doubles from attempt to attempt, spread by `random` (0 to 1); the other side's own wish is never undercut. */
export function retryDelayMs(
  backoff: Backoff,
  failed: { readonly attempts: number; readonly ambiguous: boolean; readonly retryAfterMs: number | null },
  random: number,
): number {
  const grown = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.max(0, failed.attempts - 1));
  const spread = grown * (0.75 + random / 2);
  const atLeast = failed.ambiguous ? backoff.quarantineMs : 0;
  return Math.max(spread, atLeast, failed.retryAfterMs ?? 0);
}
