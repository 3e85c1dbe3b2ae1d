import { CRITERIA, type Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import type { Effect } from '../core/effect.ts';
import type { Incident } from '../core/incident.ts';
import { DASK_REASONS, LOGIN_REASONS, PROBE_REASONS, SERVER_REASONS } from '../core/reason.ts';
import { OUTCOMES, type Run, TRIGGERS } from '../core/run.ts';
import { SCOPE_KINDS } from '../core/scope.ts';
import type { Definer } from './definer.ts';

const RUN_BUCKETS = [5, 10, 20, 30, 60, 120, 300, 600, 900, 1800];
const CLEANUP_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const STEP_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const LAG_BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300];
const DECLARATION_BUCKETS = [10, 30, 60, 120, 180, 240, 300, 480, 600, 900, 1800, 3600];

const DELIVERY_RESULTS = ['delivered', 'adopted', 'left', 'retry', 'ambiguous'] as const;
const CLEANUP_RESULTS = ['gone', 'left'] as const;
const SKIP_REASONS = ['in-flight', 'closed', 'login-limit'] as const;
const REASONS_OF: Readonly<Record<Criterion, readonly string[]>> = {
  login: LOGIN_REASONS,
  server: SERVER_REASONS,
  dask: DASK_REASONS,
};

/** Counters and histograms of what happened in this process; the observer is told as it happens. */
export function countHappenings(define: Definer, hubs: readonly Hub[], notifiers: readonly string[]) {
  const counters = defineCounters(define);
  startAtZero(counters, hubs, notifiers);
  const { runs, failures, errors, skipped, declared, deliveries, cleanups, storeErrors } = counters;
  const { duplicateIssues, duplicateComments } = counters;
  const { duration, cleanup, wait, steps, lag, declaration } = defineHistograms(define);

  return {
    runFinished(run: Run): void {
      runs.inc({ hub: run.hub, trigger: run.trigger, outcome: run.outcome });
      if (run.outcome === 'failed') failures.inc({ hub: run.hub, ...failureLabels(run) });
      if (run.outcome === 'errored') errors.inc({ reason: run.failure?.reason ?? 'internal' });
      // Runs that we ended ourselves say nothing of how long a run takes.
      if (run.outcome === 'passed' || run.outcome === 'failed') duration.observe(run.durationSeconds);
      if (run.cleanup.seconds !== null) cleanup.observe(run.cleanup.seconds);
      for (const { criterion, name: step, status, seconds } of run.steps) {
        // A step that did not come to its end would skew what the others say.
        if (status === 'passed' && seconds !== null) steps.observe({ criterion, step }, seconds);
      }
    },
    runSkipped: (hub: string, reason: (typeof SKIP_REASONS)[number]) => skipped.inc({ hub, reason }),
    scheduleLag: (seconds: number) => lag.observe(seconds),
    waited: (seconds: number) => wait.observe(seconds),
    // The store has them; the gauges read them there.
    verdicts: () => {},
    declared: ({ criterion, scope }: Incident) => declared.inc({ criterion, scope: scope.kind }),
    issueVisible: (_incident: Incident, seconds: number) => declaration.observe(seconds),
    delivery: ({ notifier }: Effect, result: (typeof DELIVERY_RESULTS)[number]) =>
      deliveries.inc({ notifier, result }),
    duplicate: (kind: 'issue' | 'comment') => (kind === 'issue' ? duplicateIssues : duplicateComments).inc(),
    cleanedUp: (result: (typeof CLEANUP_RESULTS)[number]) => cleanups.inc({ result }),
    storeError: () => storeErrors.inc(),
  };
}

function defineCounters({ counter }: Definer) {
  return {
    runs: counter('runs_total', 'Runs that ended, by outcome.', ['hub', 'trigger', 'outcome']),
    failures: counter('run_failures_total', "Failed runs, on the hub's side.", [
      'hub',
      'criterion',
      'reason',
    ]),
    errors: counter('probe_errors_total', 'Runs that ended by a fault on our own side.', ['reason']),
    skipped: counter('runs_skipped_total', 'Scheduled and confirming runs that were left out.', [
      'hub',
      'reason',
    ]),
    declared: counter('incidents_declared_total', 'Incidents declared.', ['criterion', 'scope']),
    deliveries: counter('deliveries_total', 'Attempts to tell an effect.', ['notifier', 'result']),
    duplicateIssues: counter(
      'duplicate_issues_total',
      'Issues that were opened twice after all, and closed as duplicates.',
      [],
    ),
    duplicateComments: counter(
      'duplicate_comments_total',
      'Comments that were posted twice after all, and deleted.',
      [],
    ),
    cleanups: counter('cleanups_total', 'Visits made to remove what earlier runs left behind.', ['result']),
    storeErrors: counter('store_errors_total', 'Failures of the store.', []),
  };
}

function defineHistograms({ histogram }: Definer) {
  return {
    duration: histogram(
      'run_duration_seconds',
      'How long runs took, waiting in the queue excluded.',
      [],
      RUN_BUCKETS,
    ),
    cleanup: histogram(
      'cleanup_duration_seconds',
      'How long runs took to remove what they had made.',
      [],
      CLEANUP_BUCKETS,
    ),
    steps: histogram(
      'step_duration_seconds',
      'How long steps that passed took.',
      ['criterion', 'step'],
      STEP_BUCKETS,
    ),
    wait: histogram(
      'queue_wait_seconds',
      'How long runs waited to be started; no part of their duration.',
      [],
      LAG_BUCKETS,
    ),
    lag: histogram(
      'schedule_lag_seconds',
      'How late scheduled runs were offered to the queue.',
      [],
      LAG_BUCKETS,
    ),
    declaration: histogram(
      'incident_declaration_seconds',
      'From the start of the first failed run to the issue being visible.',
      [],
      DECLARATION_BUCKETS,
    ),
  };
}

/** A counter that appears with its first event shows no increase: the first failure would go unseen by `increase()`. */
function startAtZero(
  counters: ReturnType<typeof defineCounters>,
  hubs: readonly Hub[],
  notifiers: readonly string[],
): void {
  const { runs, failures, errors, skipped, declared, deliveries, cleanups } = counters;
  for (const { name: hub, probes } of hubs) {
    for (const trigger of TRIGGERS) for (const outcome of OUTCOMES) runs.inc({ hub, trigger, outcome }, 0);
    for (const reason of SKIP_REASONS) skipped.inc({ hub, reason }, 0);
    for (const criterion of probes)
      for (const reason of REASONS_OF[criterion]) failures.inc({ hub, criterion, reason }, 0);
  }
  for (const reason of PROBE_REASONS) errors.inc({ reason }, 0);
  for (const criterion of CRITERIA) for (const scope of SCOPE_KINDS) declared.inc({ criterion, scope }, 0);
  for (const result of CLEANUP_RESULTS) cleanups.inc({ result }, 0);
  for (const notifier of notifiers)
    for (const result of DELIVERY_RESULTS) deliveries.inc({ notifier, result }, 0);
}

function failureLabels({ failure }: Run): { criterion: string; reason: string } {
  return { criterion: failure?.criterion ?? 'unknown', reason: failure?.reason ?? 'internal' };
}
