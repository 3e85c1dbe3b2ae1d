import { ulid } from 'ulid';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import type { HubReason, ProbeReason } from '../../src/core/reason.ts';
import type { Run } from '../../src/core/run.ts';

/** A run that passed; tests say only what matters to them. */
export function aRun(changes: Partial<Run> = {}): Run {
  const startedAt = changes.startedAt ?? '2026-11-24T09:00:00.000Z';
  return {
    id: ulid(Date.parse(startedAt)),
    hub: 'staging',
    trigger: 'schedule',
    attempt: 1,
    account: 'canary',
    startedAt,
    finishedAt: startedAt,
    durationSeconds: 12,
    outcome: 'passed',
    criteria: { login: 'passed', server: 'passed', dask: 'passed' },
    failure: null,
    steps: [{ criterion: 'login', name: 'open the login page', status: 'passed', seconds: 0.2 }],
    slow: [],
    cleanup: { status: 'clean', left: [], removed: [], seconds: 1.5 },
    hubVersion: '5.5.4',
    evidence: [],
    ...changes,
  };
}

/** What came before the failed criterion passed, what comes after is unknown. */
export function aFailedRun(criterion: Criterion, reason: HubReason, changes: Partial<Run> = {}): Run {
  const at = CRITERIA.indexOf(criterion);
  const results = CRITERIA.map((name, index) => [
    name,
    index < at ? 'passed' : index === at ? 'failed' : 'unknown',
  ]);
  return aRun({
    outcome: 'failed',
    criteria: Object.fromEntries(results),
    failure: { criterion, step: 'a step', reason, attribution: 'hub', message: 'what came back' },
    ...changes,
  });
}

export function anErroredRun(reason: ProbeReason, changes: Partial<Run> = {}): Run {
  return aRun({
    outcome: 'errored',
    criteria: { login: 'unknown', server: 'unknown', dask: 'unknown' },
    failure: { criterion: null, step: null, reason, attribution: 'probe', message: 'our own fault' },
    ...changes,
  });
}
