import type { Hub } from '../../core/hub.ts';
import type { Run } from '../../core/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { Flight } from '../../queue/queue.ts';

/** All that is known of one hub. */
export interface HubState {
  readonly hub: Hub;
  /** Of the criteria that it is probed for. */
  readonly verdicts: readonly Verdict[];
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly nextRun: Date | null;
  readonly flight: Flight | null;
}
