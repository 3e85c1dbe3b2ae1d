import type { Flight } from '../queue/queue.ts';

/** A run in flight as the interface shows it. */
export function flightAnswer({ id, request, state, queuedAt, startedAt }: Flight) {
  const { hub, trigger, attempt } = request;
  return { id, hub, trigger, attempt, status: state, queuedAt, startedAt };
}
