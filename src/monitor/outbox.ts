import { setTimeout as pause } from 'node:timers/promises';
import { type Backoff, DEFAULT_BACKOFF, retryDelayMs } from '../core/backoff.ts';
import { applyEvent } from '../core/incident-log.ts';
import type { Incident, IncidentEvent } from '../core/incident.ts';
import { DeliveryError, type Notifier, type Receipt } from '../notify/notifier.ts';
import { Conflict, type Delivery, type Store } from '../store/store.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';

export interface OutboxParts {
  readonly store: Pick<Store, 'outbox' | 'incident'>;
  readonly notifier: Notifier;
  readonly observer: Pick<Observer, 'delivery' | 'issueVisible' | 'storeError'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly random: () => number;
  /** Who we are among the senders. */
  readonly holder: string;
  readonly backoff?: Backoff;
}

/** Tells what was decided, one effect after the other, and never twice. */
export interface OutboxSender {
  /** Something new was committed. */
  wake(): void;
  /** Delivers until the signal, then gives the lease back. */
  run(signal: AbortSignal): Promise<void>;
  /** Delivers what is due now. @returns how many effects went out. */
  pass(signal: AbortSignal): Promise<number>;
}

const DELIVER_WITHIN_MS = 60_000;
const LEASE_MS = 2 * DELIVER_WITHIN_MS;
const LOOK_AT_LEAST_EVERY_MS = 30_000;

export function createOutboxSender(parts: OutboxParts): OutboxSender {
  const { store, now, log, holder } = parts;
  let woken = Promise.withResolvers<void>();

  async function pass(signal: AbortSignal): Promise<number> {
    let sent = 0;
    while (!signal.aborted && (await store.outbox.lease(holder, now(), LEASE_MS))) {
      const delivery = await store.outbox.next(now());
      if (delivery === null) break;
      if (await send(parts, delivery, signal)) sent += 1;
    }
    return sent;
  }

  async function sleep(signal: AbortSignal): Promise<void> {
    const due = await store.outbox.nextDue();
    const wait = due === null ? LOOK_AT_LEAST_EVERY_MS : due.getTime() - now().getTime();
    const ms = Math.min(Math.max(wait, 50), LOOK_AT_LEAST_EVERY_MS);
    await Promise.race([pause(ms, undefined, { signal, ref: false }), woken.promise]);
    woken = Promise.withResolvers();
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
          await pause(5_000, undefined, { signal }).catch(() => {});
        }
      }
      await store.outbox.release(holder).catch(() => {});
    },
  };
}

/** @returns whether the effect is out. */
async function send(parts: OutboxParts, delivery: Delivery, stop: AbortSignal): Promise<boolean> {
  const { store, notifier, observer, now } = parts;
  const { effect, incident } = delivery;
  // On record before the request goes out: after a crash in between we look before we send again.
  await store.outbox.sending(effect.id, now());
  let receipt: Receipt;
  try {
    receipt = await notifier.deliver({
      effect,
      incident,
      maybeDone: delivery.attempts > 0,
      firstAttemptAt: delivery.firstAttemptAt,
      signal: AbortSignal.any([stop, AbortSignal.timeout(DELIVER_WITHIN_MS)]),
    });
  } catch (error) {
    await recordFailure(parts, delivery, error);
    return false;
  }
  await recordDelivery(parts, delivery, receipt);
  observer.delivery(effect.kind, receipt.adopted ? 'adopted' : 'delivered');
  if (effect.kind === 'open-issue') {
    observer.issueVisible(incident, (now().getTime() - Date.parse(incident.startedAt)) / 1000);
  }
  return true;
}

async function recordFailure(parts: OutboxParts, delivery: Delivery, error: unknown): Promise<void> {
  const { store, observer, now, log } = parts;
  const known = error instanceof DeliveryError ? error : null;
  // An attempt that was ambiguous stays so: that this one did nothing says nothing of the earlier one.
  const ambiguous = known === null || known.done === 'unknown';
  const state = ambiguous || delivery.state === 'ambiguous' ? 'ambiguous' : 'pending';
  const delay = retryDelayMs(
    parts.backoff ?? DEFAULT_BACKOFF,
    { attempts: delivery.attempts + 1, ambiguous, retryAfterMs: known?.retryAfterMs ?? null },
    parts.random(),
  );
  const message = error instanceof Error ? error.message : String(error);
  const notBefore = new Date(now().getTime() + delay);
  await store.outbox.failed(delivery.effect.id, { state, notBefore, error: message });
  observer.delivery(delivery.effect.kind, ambiguous ? 'ambiguous' : 'retry');
  log('warn', `not told yet: ${message}`, {
    effect: delivery.effect.kind,
    incident: delivery.incident.id,
    attempts: delivery.attempts + 1,
    notBefore,
  });
}

const CONFLICT_TRIES = 10;

/** The issue's number goes into the incident's log together with the delivery. */
async function recordDelivery(
  { store, now }: OutboxParts,
  delivery: Delivery,
  receipt: Receipt,
): Promise<void> {
  const { effect } = delivery;
  let { incident } = delivery;
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.outbox.delivered(effect.id, now(), changeFor(incident, receipt, now()));
    } catch (error) {
      // The monitor changed the incident while we told of it: its log goes on from there.
      if (!(error instanceof Conflict) || tries === CONFLICT_TRIES) throw error;
      incident = (await store.incident(incident.id)) ?? incident;
    }
  }
}

function changeFor(
  incident: Incident,
  { issue, adopted }: Receipt,
  at: Date,
): { incident: Incident; event: IncidentEvent } | null {
  if (issue === undefined || incident.issue !== null) return null;
  const event: IncidentEvent = {
    incident: incident.id,
    revision: incident.revision + 1,
    at: at.toISOString(),
    kind: 'issue-opened',
    because: adopted
      ? `issue #${issue.number} had been opened by an earlier attempt`
      : `issue #${issue.number} opened`,
    data: { issue },
  };
  return { incident: applyEvent(incident, event), event };
}
