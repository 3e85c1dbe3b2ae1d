import type { Criterion } from './criterion.ts';
import type { Cleanup, Failure, OutcomeKind, Run, Trigger } from './run.ts';

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
  readonly because: string;
  /** `leaked` with nothing listed when it is not known what was left behind: only what was verified is clean. */
  readonly cleanup: Cleanup['status'];
}): Run {
  const { because, outcome, cleanup, criteria, ...head } = what;
  const reason: Failure['reason'] = outcome === 'aborted' ? 'aborted' : 'internal';
  return {
    ...head,
    durationSeconds: (Date.parse(what.finishedAt) - Date.parse(what.startedAt)) / 1000,
    outcome,
    criteria: Object.fromEntries(criteria.map((criterion) => [criterion, 'unknown' as const])),
    failure: { criterion: null, step: null, reason, attribution: 'probe', message: because },
    steps: [],
    slow: [],
    cleanup: { status: cleanup, left: [], removed: [] },
    hubVersion: null,
    evidence: [],
  };
}
