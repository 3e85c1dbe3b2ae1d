import type { Received } from '../../testbed/webhook/receiver.ts';
import type { StandInIssue } from '../../testbed/github/state.ts';
import type { Stage } from '../stage.ts';
import type { Incident, Watcher } from '../watch.ts';
import type { DemoWishes } from '../write-config.ts';

/** A story that the demo plays unattended, on the real thing. */
export interface Scenario {
  /** What it shows, for `--list`. */
  readonly sentence: string;
  readonly wishes: DemoWishes;
  /** @throws when something does not happen */
  readonly play: (stage: Stage, watcher: Watcher, say: Say) => Promise<void>;
  /** @throws {@link Unexpected} when it has not ended as it has to */
  readonly check: (end: End) => void;
}

export type Say = (line: string) => void;

/** What there is when a scenario is over. */
export interface End {
  /** On GitHub, oldest first. */
  readonly issues: readonly Pick<
    StandInIssue,
    'number' | 'title' | 'body' | 'state' | 'state_reason' | 'comments'
  >[];
  /** As the service answers, newest first. */
  readonly incidents: readonly Incident[];
  /** What came by webhook. */
  readonly received: readonly Pick<Received, 'body'>[];
}
