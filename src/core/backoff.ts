import type { EffectKind } from './effect.ts';

/** When to try a delivery again. Durations are milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
  /**
   * After a request whose fate is not known: GitHub may still be carrying it out, and a list may not show it yet.
   * Only after this long does "not in the list" mean "was not done". A guess on the safe side, not a measurement.
   */
  readonly quarantineMs: number;
  /** How long nothing at all is sent when no effect would fare better and the other side does not say until when. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_BACKOFF: Backoff = {
  firstMs: 5_000,
  mostMs: 5 * 60_000,
  quarantineMs: 60_000,
  pauseMs: 60_000,
  longestPauseMs: 15 * 60_000,
};

/** An attempt that did not end with a receipt. */
export interface FailedAttempt {
  readonly kind: EffectKind;
  /** This one included. */
  readonly attempts: number;
  /** Whether this attempt may have been carried out all the same. */
  readonly done: 'nothing' | 'unknown';
  /** Whether that was not known of an earlier one: a refusal now says nothing of what happened then. */
  readonly wasAmbiguous: boolean;
  /** The other side's own wish. */
  readonly retryAfterMs: number | null;
}

/** What becomes of a delivery after a failed attempt. `random` is 0 to 1. */
export function afterFailure(
  failed: FailedAttempt,
  backoff: Backoff,
  now: Date,
  random: number,
): { readonly state: 'pending' | 'ambiguous'; readonly notBefore: Date } {
  const quarantineMs = failed.done === 'unknown' && mustNotComeLate(failed.kind) ? backoff.quarantineMs : 0;
  const waitMs = Math.max(
    retryDelayMs(backoff, failed.attempts, random),
    quarantineMs,
    failed.retryAfterMs ?? 0,
  );
  const isAmbiguous = failed.done === 'unknown' || failed.wasAmbiguous;
  return { state: isAmbiguous ? 'ambiguous' : 'pending', notBefore: new Date(now.getTime() + waitMs) };
}

/**
 * How long a delivery has to wait that was cut off by a crash, so that nobody recorded its failure; null when it need not.
 */
export function quarantineLeftMs(
  cutOff: { readonly kind: EffectKind; readonly lastAttemptAt: Date | null },
  backoff: Backoff,
  now: Date,
): number | null {
  if (cutOff.lastAttemptAt === null || !mustNotComeLate(cutOff.kind)) return null;
  const left = cutOff.lastAttemptAt.getTime() + backoff.quarantineMs - now.getTime();
  // An attempt far in the future means that the clock was set back: then its time says nothing, and a declaration waits
  // for no clock.
  return left > 0 && left <= 2 * backoff.quarantineMs ? left : null;
}

/** Until when nothing is sent. @param pauses in a row, this one included @param retryAfterMs the other side's wish */
export function pauseUntil(
  { pauses, retryAfterMs }: { readonly pauses: number; readonly retryAfterMs: number | null },
  { pauseMs, longestPauseMs }: Backoff,
  now: Date,
): Date {
  const grown = Math.min(longestPauseMs, pauseMs * 2 ** Math.max(0, pauses - 1));
  return new Date(now.getTime() + Math.max(1_000, retryAfterMs ?? grown));
}

/** Doubles from attempt to attempt, spread by a quarter either way. */
function retryDelayMs({ firstMs, mostMs }: Backoff, attempts: number, random: number): number {
  const grown = Math.min(mostMs, firstMs * 2 ** Math.max(0, attempts - 1));
  return grown * (0.75 + random / 2);
}

/**
 * Carried out late, an issue or a comment would show twice, and an edit would undo the edits after it. Who is told an
 * announcement knows repetitions by their id.
 */
function mustNotComeLate(kind: EffectKind): boolean {
  return kind !== 'announce';
}
