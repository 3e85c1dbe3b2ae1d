import type { Criteria } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import type { Rhythm } from './rhythm.ts';
import type { Run } from './run.ts';
import type { Verdict } from './verdict.ts';

/** So many of a hub's latest runs are looked at: more than a day of a ten-minute schedule, confirmations included. */
export const RUNS_LOOKED_AT = 200;

/** All that is known of one hub at one moment: what judging and confirming look at, and nothing else. */
export interface Situation extends Rhythm {
  readonly hub: string;
  /** The criteria that the hub is probed for, in the order of CRITERIA. */
  readonly probes: readonly Criterion[];
  /** Newest first, as the store gives them; older ones may be cut off. */
  readonly runs: readonly Run[];
  readonly criteria: Criteria;
  /** The accounts that have ever logged into this hub, as far as it is recorded; `runs` may prove others, too. */
  readonly provenAccounts: readonly string[];
  /** Criteria with an open incident: they are broken even if the runs that say so were cut off. */
  readonly declared: readonly Criterion[];
  /** See `mutedUntil`. */
  readonly mutedUntil: string | null;
  /** As they were stored last. */
  readonly previous: readonly Verdict[];
  readonly now: Date;
}
