import type { Criterion } from '../core/criterion.ts';
import type { HubReason } from '../core/reason.ts';
import type { Cleanup, CriterionResult, Failure, OutcomeKind, Run, Trigger } from '../core/run.ts';

/** Who visits made-up hubs. */
export const ACCOUNT = 'canary';

interface MadeUp {
  readonly id: string;
  readonly hub: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly startedMs: number;
  readonly finishedMs: number;
  readonly probes: readonly Criterion[];
  readonly result: 'passed' | 'errored' | { readonly failed: Criterion };
}

/**
 * The record of a run that never was; what comes before the failed criterion passed, what comes after is unknown. Most
 * are never looked at closely, so their times are written out when they are asked for.
 */
export class MadeUpRun implements Run {
  readonly id: string;
  readonly hub: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly account = ACCOUNT;
  readonly outcome: OutcomeKind;
  readonly criteria: Run['criteria'];
  readonly failure: Failure | null;
  readonly steps = [];
  readonly slow = [];
  readonly cleanup: Cleanup = CLEAN;
  readonly hubVersion = null;
  readonly evidence = [];
  readonly #startedMs: number;
  readonly #finishedMs: number;
  #startedAt: string | null = null;
  #finishedAt: string | null = null;

  constructor({ id, hub, trigger, attempt, startedMs, finishedMs, probes, result }: MadeUp) {
    this.id = id;
    this.hub = hub;
    this.trigger = trigger;
    this.attempt = attempt;
    this.outcome = typeof result === 'string' ? result : 'failed';
    this.criteria = resultsOf(probes, result);
    this.failure = failureOf(result);
    this.#startedMs = startedMs;
    this.#finishedMs = finishedMs;
  }

  get startedAt(): string {
    return (this.#startedAt ??= new Date(this.#startedMs).toISOString());
  }

  get finishedAt(): string {
    return (this.#finishedAt ??= new Date(this.#finishedMs).toISOString());
  }

  get durationSeconds(): number {
    return (this.#finishedMs - this.#startedMs) / 1000;
  }
}

const CLEAN: Cleanup = { status: 'clean', left: [], removed: [], seconds: 0 };

const REASON: Readonly<Record<Criterion, HubReason>> = {
  login: 'hub-down',
  server: 'spawn-failed',
  dask: 'cluster-failed',
};

function resultsOf(probes: readonly Criterion[], result: MadeUp['result']): Run['criteria'] {
  const results: Partial<Record<Criterion, CriterionResult>> = {};
  let each: CriterionResult = result === 'errored' ? 'unknown' : 'passed';
  for (const criterion of probes) {
    const isFailed = typeof result === 'object' && criterion === result.failed;
    results[criterion] = isFailed ? 'failed' : each;
    if (isFailed) each = 'unknown';
  }
  return results;
}

function failureOf(result: MadeUp['result']): Failure | null {
  if (result === 'passed') return null;
  const head = { step: null, message: 'made up' };
  if (result === 'errored') {
    return { ...head, criterion: null, reason: 'browser-crashed', attribution: 'probe' };
  }
  return { ...head, criterion: result.failed, reason: REASON[result.failed], attribution: 'hub' };
}
