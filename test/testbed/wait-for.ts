import { setTimeout as pause } from 'node:timers/promises';
import { fetch } from '../../src/jupyterhub/fetch.ts';

/** Asks again until the condition holds. @throws naming it when it does not in time. */
export async function waitFor(
  what: string,
  condition: () => Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`);
    await pause(50);
  }
}

/** The status that a URL answers with; null when there is no answer. */
export async function statusOf(url: string, withinMs = 1_000): Promise<number | null> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(withinMs), redirect: 'manual' }).catch(
    () => null,
  );
  await answer?.body?.cancel();
  return answer?.status ?? null;
}
