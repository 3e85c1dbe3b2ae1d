import type { Criterion } from './criterion.ts';
import type { Attribution } from './reason.ts';
import type { Failure } from './run.ts';

export const VERDICTS = ['healthy', 'suspect', 'broken', 'recovering', 'unknown'] as const;
export type VerdictKind = (typeof VERDICTS)[number];

/** What recent runs say of one criterion on one hub. */
export interface Verdict {
  readonly hub: string;
  readonly criterion: Criterion;
  readonly verdict: VerdictKind;
  /** When this verdict began to hold: start of the first run that says so; ISO 8601 UTC. */
  readonly since: string;
  /** The runs that say so, oldest first. */
  readonly runs: readonly string[];
  /** One sentence for logs, the page and the issue. */
  readonly because: string;
  /** End of the latest run that told something of it; null when none has. */
  readonly toldAt: string | null;
  /** Start of that run. */
  readonly triedAt: string | null;
  /** While suspect or broken: why its latest run failed, and whose side that is on. */
  readonly failure: VerdictFailure | null;
}

interface VerdictFailure {
  readonly reason: Failure['reason'];
  readonly attribution: Attribution;
  /** End of the first run that failed. */
  readonly firstEndedAt: string;
}

/** The verdicts with these in the place of earlier ones on the same criterion of the same hub. */
export function updated(verdicts: readonly Verdict[], newer: readonly Verdict[]): readonly Verdict[] {
  const isNewer = (verdict: Verdict) =>
    newer.some(({ hub, criterion }) => hub === verdict.hub && criterion === verdict.criterion);
  return [...verdicts.filter((verdict) => !isNewer(verdict)), ...newer];
}
