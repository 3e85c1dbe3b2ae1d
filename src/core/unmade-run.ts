import type { Criterion } from './criterion.ts';
import type { ProbeReason } from './reason.ts';
import type { Failure, Left, OutcomeKind, Run, Trigger } from './run.ts';

/** The record of a run of which nothing was seen: every run that was begun ends in exactly one outcome. */
export function unmadeRun(what: {
  readonly id: string;
  readonly hub: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly account: string | null;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly criteria: readonly Criterion[];
  readonly outcome: Extract<OutcomeKind, 'errored' | 'aborted'>;
  /** Of an errored one; `internal` when left out. */
  readonly reason?: ProbeReason;
  readonly because: string;
  /** What it may have left behind: only what was verified is clean. */
  readonly left: readonly Left[];
}): Run {
  const { because, outcome, reason: own, left, criteria, ...head } = what;
  const reason: Failure['reason'] = outcome === 'aborted' ? 'aborted' : (own ?? 'internal');
  return {
    ...head,
    durationSeconds: (Date.parse(what.finishedAt) - Date.parse(what.startedAt)) / 1000,
    outcome,
    criteria: Object.fromEntries(criteria.map((criterion) => [criterion, 'unknown' as const])),
    failure: { criterion: null, step: null, reason, attribution: 'probe', message: because },
    steps: [],
    slow: [],
    cleanup: { status: left.length === 0 ? 'clean' : 'leaked', left, removed: [], seconds: null },
    hubVersion: null,
    evidence: [],
  };
}
