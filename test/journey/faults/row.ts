import type { Criterion } from '../../../src/core/criterion.ts';
import type { Attribution, Reason } from '../../../src/core/reason.ts';
import type { Fault } from '../../testbed/faults.ts';
import type { CheckChanges } from '../check-hub.ts';

/** One row of the failure table: a fault of the real thing → what an operator is told. */
export interface Row {
  /** The testbed's switch that is on while the canary user visits. */
  readonly fault: Fault;
  readonly criterion: Criterion;
  readonly reason: Reason;
  /** `hub` when absent. */
  readonly attribution?: Attribution;
  /** What the message must say. */
  readonly says: RegExp;
  readonly changes?: CheckChanges;
}
