import { Broken } from '../core/broken.ts';
import { readableMs } from '../core/text.ts';
import { type Refusal, schedulerLost, words } from './dask-refusal.ts';

/** On Kubernetes a cluster just submitted is not visible for some seconds. */
const NOT_SEEN_YET_MS = 10_000;

/** A look at a cluster that the client is not connected to yet. */
export interface ClusterLook {
  /** What the gateway says of the cluster; `GONE` when it knows none of that name. */
  readonly status: string;
  /** Whether the gateway has known it before. */
  readonly wasSeen: boolean;
  /** Since it was submitted. */
  readonly elapsedMs: number;
  /** Since it was first seen to run, 0 when that is now; null when it never was. */
  readonly runsForMs: number | null;
  /** Why connecting failed; null while it goes on. */
  readonly failure: Refusal | null;
  /** Whether that attempt began when the cluster was known to run. */
  readonly triedWhileRunning: boolean;
}

/** @returns why there is nothing more to be waited for; null when there is: a failed attempt is then made again. */
export function whyNotToWait(
  look: ClusterLook,
  limits: { readonly startTimeoutMs: number; readonly requestTimeoutMs: number },
): Broken | null {
  const { status, wasSeen, elapsedMs, runsForMs, failure, triedWhileRunning } = look;
  if (runsForMs !== null) {
    if (status !== 'RUNNING') return schedulerLost(status, "can't be reached");
    if (failure !== null && triedWhileRunning) {
      return schedulerLost(status, `can't be reached: ${words(failure)}`);
    }
    const isLate = runsForMs >= limits.requestTimeoutMs;
    return isLate
      ? schedulerLost(status, `can't be reached within ${readableMs(limits.requestTimeoutMs)}`)
      : null;
  }
  const isNotSeenYet = status === 'GONE' && !wasSeen && elapsedMs < NOT_SEEN_YET_MS;
  if (status !== 'PENDING' && !isNotSeenYet) {
    return new Broken('cluster-failed', `the cluster did not come up: the gateway says ${status}`);
  }
  if (elapsedMs < limits.startTimeoutMs) return null;
  const message = `the cluster did not start within ${readableMs(limits.startTimeoutMs)}`;
  return new Broken('cluster-timeout', message, { attribution: 'capacity' });
}
