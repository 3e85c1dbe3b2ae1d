import { decodeTime, isValid, monotonicFactory } from 'ulid';

/**
 * ULIDs in ascending order, all of them after `latest`, also when the clock was set back since that was made: what is
 * newest is told by the ids. @param latest null: there is none
 */
export function idsAfter(latest: string | null, now: () => Date): () => string {
  const next = monotonicFactory();
  const floor = latest !== null && isValid(latest) ? decodeTime(latest) + 1 : 0;
  return () => next(Math.max(now().getTime(), floor));
}
