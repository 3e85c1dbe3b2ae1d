import { setTimeout as pause } from 'node:timers/promises';

/** Long enough for a busy machine; whoever waits for longer waits in vain. */
const WITHIN_MS = 300_000;

/** Looks again until there is something. @throws naming what was waited for */
export async function until<T>(what: string, look: () => Promise<T | null> | T | null): Promise<T> {
  const giveUpAt = performance.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > giveUpAt) throw new Error(`waited ${WITHIN_MS / 1000} s for ${what} in vain`);
    await pause(200);
  }
}

/** The same for a condition. */
export async function untilTrue(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  await until(what, async () => ((await look()) ? true : null));
}
