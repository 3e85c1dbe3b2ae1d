import type { Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';

/** How long one thing may take, under its name in the configuration. */
export interface TimeLimit {
  readonly criterion: Criterion;
  readonly name: string;
  readonly ms: number;
}

const SHORTEST_DEADLINE_MS = 15 * 60_000;

/** The time limits of what a hub is probed for. */
export function timeLimitsOf(hub: Omit<Hub, 'deadlineMs'>): readonly TimeLimit[] {
  const limits: readonly TimeLimit[] = [
    { criterion: 'login', name: 'answerTimeout', ms: hub.answerTimeoutMs },
    { criterion: 'server', name: 'server.startTimeout', ms: hub.server.startTimeoutMs },
    { criterion: 'server', name: 'server.interfaceTimeout', ms: hub.server.interfaceTimeoutMs },
    { criterion: 'server', name: 'server.kernelTimeout', ms: hub.server.kernelTimeoutMs },
    { criterion: 'dask', name: 'dask.startTimeout', ms: hub.dask.startTimeoutMs },
    { criterion: 'dask', name: 'dask.workerTimeout', ms: hub.dask.workerTimeoutMs },
    { criterion: 'dask', name: 'dask.requestTimeout', ms: hub.dask.requestTimeoutMs },
    { criterion: 'dask', name: 'dask.computeTimeout', ms: hub.dask.computeTimeoutMs },
  ];
  return limits.filter(({ criterion }) => hub.probes.includes(criterion));
}

/** A slow start, and then workers that never come, are the hub's fault: a run that gives up before says that it is ours. */
export function defaultDeadlineMs(hub: Omit<Hub, 'deadlineMs'>): number {
  return Math.max(
    SHORTEST_DEADLINE_MS,
    timeLimitsOf(hub).reduce((sum, { ms }) => sum + ms, 0),
  );
}
