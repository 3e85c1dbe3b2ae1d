import { setTimeout as pause } from 'node:timers/promises';
import { DELIVER_WITHIN_MS, type DeliverParts, deliver } from './deliver.ts';
import type { Observer } from './observer.ts';
import { within } from './within.ts';

export interface OutboxParts extends DeliverParts {
  readonly observer: DeliverParts['observer'] & Pick<Observer, 'storeError'>;
  /** Who we are among the senders; two that run at once must differ. */
  readonly holder: string;
}

/** Tells what was decided for one notifier, one effect after the other, and never twice. */
export interface OutboxSender {
  /** Something new was committed. */
  wake(): void;
  /** Delivers until the signal, then gives the lease back. */
  run(signal: AbortSignal): Promise<void>;
  /** Delivers what is due now, after a pass that is under way. @returns how many effects went out. */
  pass(signal: AbortSignal): Promise<number>;
}

const LEASE_MS = 2 * DELIVER_WITHIN_MS;
const LOOK_AT_LEAST_EVERY_MS = 30_000;
const LOOK_AT_MOST_EVERY_MS = 50;
/** After the store failed, or while another sender is at it. */
const STAND_BACK_MS = 5_000;

export function createOutboxSender(parts: OutboxParts): OutboxSender {
  const { store, now, log, holder, notifier } = parts;
  let woken = Promise.withResolvers<void>();
  let current: Promise<unknown> = Promise.resolve();
  let isOurs = false;
  let pauses = 0;

  /** The lease keeps other senders out, not a second pass of our own: passes follow each other. */
  async function pass(signal: AbortSignal): Promise<number> {
    const mine = current.then(() => passAlone(signal));
    current = mine.catch(() => {});
    return within(signal, mine);
  }

  async function passAlone(signal: AbortSignal): Promise<number> {
    let sent = 0;
    while (!signal.aborted) {
      isOurs = await store.outbox.lease(notifier.name, holder, now(), LEASE_MS);
      const delivery = isOurs ? await store.outbox.next(notifier.name, now()) : null;
      if (delivery === null) break;
      const result = await deliver(parts, delivery, pauses, signal);
      if (result === 'paused') pauses += 1;
      if (result !== 'told') continue;
      pauses = 0;
      sent += 1;
    }
    return sent;
  }

  async function sleep(signal: AbortSignal): Promise<void> {
    const ms = isOurs ? await untilNextDueMs() : STAND_BACK_MS;
    const over = new AbortController();
    const timer = pause(ms, undefined, { signal: AbortSignal.any([signal, over.signal]), ref: false });
    try {
      await Promise.race([timer, woken.promise]);
    } finally {
      over.abort();
      woken = Promise.withResolvers();
    }
  }

  async function untilNextDueMs(): Promise<number> {
    const due = await store.outbox.nextDue(notifier.name);
    const wait = due === null ? LOOK_AT_LEAST_EVERY_MS : due.getTime() - now().getTime();
    return Math.min(Math.max(wait, LOOK_AT_MOST_EVERY_MS), LOOK_AT_LEAST_EVERY_MS);
  }

  return {
    wake: () => woken.resolve(),
    pass,
    async run(signal) {
      while (!signal.aborted) {
        try {
          await pass(signal);
          await sleep(signal);
        } catch (error) {
          if (signal.aborted) break;
          parts.observer.storeError();
          log('error', 'the outbox could not be read or written; trying again', { error });
          await pause(STAND_BACK_MS, undefined, { signal }).catch(() => {});
        }
      }
      // The last attempt is cut off by the signal and recorded as such before the lease goes to somebody else.
      await current;
      await store.outbox.release(notifier.name, holder).catch(() => {});
    },
  };
}
