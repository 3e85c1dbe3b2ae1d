import { setTimeout as wait } from 'node:timers/promises';

/** Once we were told to stop, a shutdown waits for this many more tries and no longer. */
const LAST_TRIES = 3;
const LAST_TRIES_APART_MS = 500;

/**
 * Tries until it works: what a run found out must not be lost because the disk is full for an hour.
 * @param waitMs how long to wait after the n-th failure, from 1
 * @returns false when it still did not work after the signal had been given
 */
export async function untilDone(
  work: () => Promise<void>,
  {
    signal,
    waitMs,
    onError,
  }: { signal: AbortSignal; waitMs: (failures: number) => number; onError: (error: unknown) => void },
): Promise<boolean> {
  let tries = 0;
  let triesAfterStop = 0;
  while (triesAfterStop < LAST_TRIES) {
    tries += 1;
    if (signal.aborted) triesAfterStop += 1;
    try {
      await work();
      return true;
    } catch (error) {
      onError(error);
    }
    await pause(signal, waitMs(tries));
  }
  return false;
}

async function pause(signal: AbortSignal, ms: number): Promise<void> {
  if (signal.aborted) return wait(Math.min(ms, LAST_TRIES_APART_MS));
  // Being told to stop ends the pause; it is no error here.
  await wait(ms, undefined, { signal }).catch(() => {});
}
