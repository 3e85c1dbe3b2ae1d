import type { Criterion } from '../core/criterion.ts';
import type { Account, Hub } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { Run, Trigger } from '../core/run.ts';

/** What the parent needs to know to make one run. */
export interface RunOrder {
  readonly id: string;
  readonly hub: Hub;
  /** Who logs in. */
  readonly account: Account;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly probes: readonly Criterion[];
}

/** Executes one run in a worker process of its own and always ends in a run record, whatever dies. Never rejects. */
export type Runner = (
  order: RunOrder,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
) => Promise<Run>;
