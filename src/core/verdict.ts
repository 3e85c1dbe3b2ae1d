import type { Criterion } from './criterion.ts';

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
}
