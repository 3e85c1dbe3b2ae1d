import { setTimeout as pause } from 'node:timers/promises';
import { type Hub, accountOf } from '../core/hub.ts';
import type { BegunRun } from '../store/store.ts';
import { type Accounts, accountKey } from './accounts.ts';
import type { Log } from './log.ts';

export interface OrphanParts {
  readonly hubs: readonly Hub[];
  readonly accounts: Accounts;
  /** The living processes of a run, on this machine. */
  readonly processesOf: (run: string) => { pids(): readonly number[]; kill(): Promise<void> };
  readonly log: Log;
}

const LOOK_EVERY_MS = 500;
/** Beyond its cleanup: evidence, and closing the browser. */
const LEAVES_WITHIN_MS = 60_000;

/**
 * A worker whose service was killed stops, cleans up and leaves. Until then nobody else uses its account: it would stop
 * their server. One that does not leave in time is killed; what it left is on record anyway.
 */
export async function awaitOrphans(
  unfinished: readonly BegunRun[],
  parts: OrphanParts,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(unfinished.map((begun) => awaitOrphan(begun, parts, signal)));
}

async function awaitOrphan(begun: BegunRun, parts: OrphanParts, signal: AbortSignal): Promise<void> {
  const { hubs, accounts, processesOf, log } = parts;
  const processes = processesOf(begun.id);
  if (processes.pids().length === 0) return;
  const hub = hubs.find(({ name }) => name === begun.hub);
  const username = begun.account ?? (hub === undefined ? null : accountOf(hub).username);
  const release = hub && username !== null ? accounts.tryTake(accountKey(hub, username)) : null;
  log('info', 'a worker of the service that was here before still cleans up', {
    run: begun.id,
    hub: begun.hub,
  });
  const giveUpAt = performance.now() + (hub?.cleanupTimeoutMs ?? 0) + LEAVES_WITHIN_MS;
  while (processes.pids().length > 0 && performance.now() < giveUpAt && !signal.aborted) {
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {
      // Told to stop.
    });
  }
  if (!signal.aborted) {
    await processes.kill().catch((error: unknown) => {
      log('warn', 'the worker of an earlier service does not end', { run: begun.id, error });
    });
  }
  release?.();
}
