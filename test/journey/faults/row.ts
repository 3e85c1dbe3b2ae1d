import type { Criterion } from '../../../src/core/criterion.ts';
import type { Attribution, Reason } from '../../../src/core/reason.ts';
import type { OutcomeKind } from '../../../src/core/run.ts';
import { FAULTS, type Fault } from '../../testbed/faults.ts';
import type { Front, FrontOptions } from '../../testbed/front.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import type { CheckChanges } from '../check-hub.ts';

/** One row of the failure table: a fault of the real thing → what an operator is told. */
export interface Row {
  /** What is broken while the canary user visits: a switch of the testbed, or something arranged for this row. */
  readonly fault: Fault | Arranged;
  /** Null when all passes, or before any was tried. */
  readonly criterion: Criterion | null;
  /** Null when all passes. */
  readonly reason: Reason | null;
  /** `hub` when absent. */
  readonly attribution?: Attribution;
  /** `failed` when absent. */
  readonly outcome?: OutcomeKind;
  /** The whole message, with … for what differs from run to run; or what must be in it. Where all passes: what a step must note. */
  readonly says: string | RegExp;
  /** The step that is reported as slow. */
  readonly slow?: string;
  readonly changes?: CheckChanges;
  /** What the machine must allow for this row. */
  readonly needs?: 'mounts';
  /** Nobody ever says no: a time limit of ours has to be waited out. */
  readonly silent?: true;
}

export interface Arranged {
  /** A sentence like those of the testbed's switches. */
  readonly what: string;
  /** The testbed's switches that it makes use of. */
  readonly switches?: readonly Fault[];
  /** Whoever visits meets it: nothing of it is done at a step, or to a process, of our own run. */
  readonly alike?: true;
  /** Breaks it, and registers with `stage.onEnd` how it is healed. @returns what the visit needs to be given. */
  readonly arrange: (stage: Stage) => Promise<CheckChanges | undefined>;
}

/** Where a fault is arranged; everything that was arranged is undone after the row, in reverse order. */
export interface Stage {
  readonly testbed: Testbed;
  /** The proxy that the canary user goes through. */
  front(options?: Partial<FrontOptions>): Promise<Front>;
  onEnd(undo: () => unknown): void;
}

export function sentenceOf({ fault }: Pick<Row, 'fault'>): string {
  return typeof fault === 'string' ? FAULTS[fault] : fault.what;
}
