import type { Criterion } from '../core/criterion.ts';
import type { Account, Hub } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { Run, Trigger } from '../core/run.ts';

/** Things to be removed that this run did not make: servers by name, and all clusters of the account. */
export interface Sweep {
  readonly servers: readonly string[];
  readonly clusters: boolean;
}

/** What the parent needs to know to make one run. */
export interface RunOrder {
  readonly id: string;
  readonly hub: Hub;
  /** Who logs in. */
  readonly account: Account;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly probes: readonly Criterion[];
  /** Why the hub's other probes are left out, when they are. */
  readonly leftOut?: string;
  /** Whether to ask the hub if it still knows of the failed start of this very server; it never knew of anybody else's. */
  readonly askIfRestarted?: true;
  /**
   * What earlier runs of this account left behind: removed at the end of this one, whose record then says what is gone.
   * Tokens need no mention: every run revokes all of ours.
   */
  readonly sweep?: Sweep;
}

/** Executes one run in a worker process of its own and always ends in a run record, whatever dies. Never rejects. */
export type Runner = (
  order: RunOrder,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
) => Promise<Run>;

export type Admitted =
  | { readonly kind: 'in'; readonly leave: () => void }
  | { readonly kind: 'refused'; readonly because: string };

/** Lets runs in one after the other, as they fit into memory. */
export interface Admission {
  /** Resolves when the run fits, cannot fit, or was told to stop: then it is let in, to end at once. */
  enter(run: string, signal: AbortSignal): Promise<Admitted>;
  /** Runs that wait because they do not fit. */
  waiting(): number;
}
