import type { Criterion } from './criterion.ts';
import type { Attribution, Reason } from './reason.ts';

/** One execution of a hub's probes, as it is stored and shown: facts only. Field names are those of the run record. */
export interface Run {
  /** ULID: sorts by time. */
  readonly id: string;
  readonly hub: string;
  readonly trigger: Trigger;
  /** 1 for a first try; 2, 3, … for the confirming runs that follow it or for `--attempts`. */
  readonly attempt: number;
  /** The user name with which it logged in: which of the hub's accounts; null in records from before there were two. */
  readonly account: string | null;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly durationSeconds: number;
  readonly outcome: OutcomeKind;
  /** A criterion the hub does not probe is absent. */
  readonly criteria: Readonly<Partial<Record<Criterion, CriterionResult>>>;
  /** Null exactly when the outcome is `passed`. */
  readonly failure: Failure | null;
  readonly steps: readonly Step[];
  readonly slow: readonly SlowStep[];
  readonly cleanup: Cleanup;
  /** What the hub says it is; null when it never answered. */
  readonly hubVersion: string | null;
  /**
   * Whether the hub's process is another one than that which failed to start our server last; absent when nobody asked.
   */
  readonly hubRestarted?: boolean;
  /** Why less was tried than the hub is probed for; absent when nothing was left out. */
  readonly leftOut?: string;
  readonly evidence: readonly EvidenceFile[];
  /** What was to be kept and is not, with why; absent when there is nothing to say. */
  readonly evidenceDropped?: readonly DroppedEvidence[];
}

export const TRIGGERS = ['schedule', 'confirm', 'demand', 'alert'] as const;
export type Trigger = (typeof TRIGGERS)[number];

export const OUTCOMES = ['passed', 'failed', 'errored', 'aborted'] as const;
export type OutcomeKind = (typeof OUTCOMES)[number];

export const CRITERION_RESULTS = ['passed', 'failed', 'unknown'] as const;
export type CriterionResult = (typeof CRITERION_RESULTS)[number];

export interface Failure {
  readonly criterion: Criterion | null;
  readonly step: string | null;
  readonly reason: Reason | 'aborted';
  readonly attribution: Attribution;
  /** One sentence: what was tried, what came back. */
  readonly message: string;
}

export const STEP_STATUSES = ['passed', 'failed', 'skipped'] as const;

export interface Step {
  readonly criterion: Criterion;
  readonly name: string;
  readonly status: (typeof STEP_STATUSES)[number];
  /** Null when skipped. */
  readonly seconds: number | null;
  /** What else a reader wants to know: the hub's last word, "0 of 1 came within 60 s". */
  readonly note?: string;
}

export interface SlowStep {
  readonly step: string;
  readonly seconds: number;
  readonly limitSeconds: number;
}

export const OWNED_KINDS = ['server', 'kernel', 'cluster', 'token'] as const;
export type OwnedKind = (typeof OWNED_KINDS)[number];

/** A thing a run made on the hub and has to remove again. */
export interface Owned {
  readonly kind: OwnedKind;
  /** A server's name, empty for the default one; a kernel's id; empty for clusters: all of the account's are removed; a token's run. */
  readonly id: string;
}

/** A thing that is still there, as far as we know. */
export interface Left extends Owned {
  /** What removing it failed with, when that is known. */
  readonly why?: string;
}

export interface Cleanup {
  readonly status: 'clean' | 'leaked';
  readonly left: readonly Left[];
  /** What the run made and removed again, verified over the hub's API; what was made last stands first. */
  readonly removed: readonly Owned[];
  /** How long cleaning up took, within its own time limit; null when there was none or nobody saw it. */
  readonly seconds: number | null;
}

export const EVIDENCE_KINDS = [
  'screenshot',
  'page',
  'console',
  'responses',
  'spawn-events',
  'gateway-report',
  'log',
  'trace',
] as const;

export interface EvidenceFile {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  /** File name below the run's evidence folder. */
  readonly file: string;
}

/** A piece that could not be had, or of which it was not certain that it holds no secret. */
export interface DroppedEvidence {
  readonly kind: (typeof EVIDENCE_KINDS)[number];
  readonly why: string;
}
