import type { Run } from './run.ts';

/**
 * What often passes by itself: there was no room, or too many servers started at once. Seconds or minutes later it may be
 * just the same and mean nothing, and trying again at once makes it worse. It counts when it lasts.
 */
export function isTransient({ failure }: Run): boolean {
  return failure !== null && (failure.attribution === 'capacity' || failure.reason === 'spawn-throttled');
}
