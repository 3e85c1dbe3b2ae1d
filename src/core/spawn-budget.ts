import type { Run } from './run.ts';

/**
 * A hub may be told to exit after so many failed starts in a row, whoever asked for them (`consecutive_failure_limit`;
 * 5 with Zero to JupyterHub), and only a start that works sets its count back. So our own failing starts are rationed:
 *
 * - up to two below the limit as criteria and schedule want them, which is enough to judge the criterion;
 * - the next, one below the limit, half an hour after the last;
 * - from then on one in twelve hours. Had anybody else tried in that time, the count would be back at nothing either way:
 *   their start worked, or the hub has exited and is a new one.
 *
 * A start that works, or a hub process that has been replaced, gives the whole ration back.
 */
export interface SpawnBudget {
  /** Starts of ours that failed in a row, as far as this hub process can remember them. */
  readonly failures: number;
  /** ISO 8601 UTC: not before this moment; null when there is nothing to wait for. */
  readonly pausedUntil: string | null;
  /** Whose starts they were: only of these can a hub process know that a start failed. */
  readonly failedFor: readonly Pick<Run, 'hub' | 'account'>[];
}

const FIRST_PAUSE_MS = 30 * 60_000;
const LONG_PAUSE_MS = 12 * 3_600_000;

/** How far back failures have to be known: were one of those that count forgotten, a pause would end too soon. Milliseconds. */
export function reachOf(limit: number): number {
  return limit * LONG_PAUSE_MS;
}

/**
 * @param runs of every entry of the configuration that visits this hub, newest first
 * @param limit the hub's `consecutive_failure_limit`; 0 when it has none
 */
export function spawnBudget(runs: readonly Run[], limit: number): SpawnBudget {
  let failures = 0;
  let last: Run | null = null;
  const failedFor: Pick<Run, 'hub' | 'account'>[] = [];
  for (const run of runs) {
    if (givesBack(run)) break;
    if (spawnOf(run) !== 'failed') continue;
    failures += 1;
    last ??= run;
    failedFor.push({ hub: run.hub, account: run.account });
  }
  const waitMs = limit === 0 ? 0 : pauseAfter(failures, limit);
  const pausedUntil =
    last === null || waitMs === 0 ? null : new Date(Date.parse(last.finishedAt) + waitMs).toISOString();
  return { failures, pausedUntil, failedFor };
}

/** Whether it makes everything before it forgotten. */
export function givesBack(run: Run): boolean {
  return run.hubRestarted === true || spawnOf(run) === 'worked';
}

/** A hub with a limit of 1 exits at the first failure, which nobody can foresee. */
function pauseAfter(failures: number, limit: number): number {
  if (failures < startsAtWill(limit)) return 0;
  return failures < limit - 1 ? FIRST_PAUSE_MS : LONG_PAUSE_MS;
}

/** How many starts may fail in a row before they are rationed. @param limit more than 0 */
export function startsAtWill(limit: number): number {
  return Math.max(1, limit - 2);
}

/** What a run means for the hub's count; null when it did not get as far as a start, or the hub does not count it. */
export function spawnOf({ criteria, failure }: Run): 'worked' | 'failed' | null {
  if (criteria.server === 'passed') return 'worked';
  if (failure?.criterion !== 'server') return null;
  switch (failure.reason) {
    case 'spawn-failed':
    case 'spawn-timeout':
    case 'spawn-refused':
    // Asked for, and then nobody knows: the hub may have counted it.
    case 'hub-timeout':
    case 'hub-down':
    case 'hub-error':
    case 'hub-unreachable':
    case 'deadline':
      return 'failed';
    case 'server-unreachable':
    case 'server-error':
    case 'redirect-loop':
    case 'interface-broken':
    case 'kernel-missing':
    case 'kernel-failed':
    case 'kernel-died':
    case 'kernel-timeout':
    case 'wrong-result':
      return 'worked';
    default:
      return null;
  }
}
