import {
  type Backoff,
  DEFAULT_BACKOFF,
  afterFailure,
  pauseUntil,
  quarantineLeftMs,
} from '../core/backoff.ts';
import { applyEvent } from '../core/incident-log.ts';
import type { Incident, IncidentEvent } from '../core/incident.ts';
import { DeliveryError, type Notifier, type Receipt } from '../notify/notifier.ts';
import { Conflict, type Delivery, type Store } from '../store/store.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';
import { within } from './within.ts';
import { messageOf } from '../core/text.ts';

export interface DeliverParts {
  readonly store: Pick<Store, 'outbox' | 'incident'>;
  readonly notifier: Notifier;
  readonly observer: Pick<Observer, 'delivery' | 'issueVisible'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly random: () => number;
  readonly backoff?: Backoff;
  /** Something was not told because of what people did there: it is time to look at it. */
  readonly left?: () => void;
}

/** One delivery may take this long, all its requests together. */
export const DELIVER_WITHIN_MS = 60_000;
const CONFLICT_TRIES = 10;

/**
 * `told`: the effect is out. `failed`: it was tried, and is tried again when its time comes. `held`: it was not tried.
 * `paused`: neither this nor any other effect of the notifier can go out for now.
 */
export type DeliveryResult = 'told' | 'failed' | 'held' | 'paused';

/** Carries one delivery through its attempt and records how it ended. @param pauses of the notifier in a row so far */
export async function deliver(
  parts: DeliverParts,
  delivery: Delivery,
  pauses: number,
  stop: AbortSignal,
): Promise<DeliveryResult> {
  const { store, notifier, observer, now } = parts;
  const { effect, incident } = delivery;
  if (await holdBack(parts, delivery)) return 'held';
  try {
    // On record before the request goes out: after a crash in between we look before we send again.
    await store.outbox.sending(effect.id, now());
  } catch (error) {
    if (error instanceof Conflict) return 'held';
    throw error;
  }
  const signal = AbortSignal.any([stop, AbortSignal.timeout(DELIVER_WITHIN_MS)]);
  const { firstAttemptAt } = delivery;
  const maybeDone = delivery.attempts > 0;
  let receipt: Receipt;
  try {
    receipt = await within(signal, notifier.deliver({ effect, incident, maybeDone, firstAttemptAt, signal }));
  } catch (error) {
    const cutOff = stop.aborted ? 'we were told to stop' : `no answer within ${DELIVER_WITHIN_MS / 1000} s`;
    const reason = error === signal.reason ? new Error(cutOff, { cause: error }) : error;
    return recordFailure(parts, delivery, pauses, reason);
  }
  await recordDelivery(parts, delivery, receipt);
  tell(parts, delivery, receipt);
  if (receipt.issue !== undefined) {
    observer.issueVisible(incident, (now().getTime() - Date.parse(incident.startedAt)) / 1000);
  }
  return 'told';
}

function tell(parts: DeliverParts, { effect, incident }: Delivery, { left, adopted }: Receipt): void {
  const { observer, log } = parts;
  if (left === undefined) return observer.delivery(effect, adopted ? 'adopted' : 'delivered');
  observer.delivery(effect, 'left');
  parts.left?.();
  log('warn', `not told for good: ${left}`, {
    effect: effect.kind,
    incident: incident.id,
    issue: incident.issue?.url ?? null,
  });
}

/**
 * What a crash cut off a moment ago may still be under way at the other side, where a look would not find it yet.
 * Waits as if the failure had been recorded, and lets other incidents pass meanwhile.
 */
async function holdBack({ store, backoff, now, log }: DeliverParts, delivery: Delivery): Promise<boolean> {
  if (delivery.state !== 'ambiguous') return false;
  const { effect, lastAttemptAt, lastError } = delivery;
  const left = quarantineLeftMs({ kind: effect.kind, lastAttemptAt }, backoff ?? DEFAULT_BACKOFF, now());
  if (left === null) return false;
  const notBefore = new Date(now().getTime() + left);
  const error = lastError ?? 'the last attempt was cut off; it is not known how far it came';
  await store.outbox.failed(effect.id, { state: 'ambiguous', notBefore, error });
  log('info', 'an attempt was cut off: waiting until a look for it can be trusted', {
    effect: effect.kind,
    incident: delivery.incident.id,
    notBefore,
  });
  return true;
}

async function recordFailure(
  parts: DeliverParts,
  delivery: Delivery,
  pauses: number,
  error: unknown,
): Promise<'failed' | 'paused'> {
  const { store, observer, notifier, now, log, backoff = DEFAULT_BACKOFF } = parts;
  const { effect } = delivery;
  const known = error instanceof DeliveryError ? error : null;
  const done = known?.done ?? 'unknown';
  const retryAfterMs = known?.retryAfterMs ?? null;
  const attempts = delivery.attempts + 1;
  const wasAmbiguous = delivery.state === 'ambiguous';
  const failed = { kind: effect.kind, attempts, done, wasAmbiguous, retryAfterMs };
  const { state, notBefore } = afterFailure(failed, backoff, now(), parts.random());
  const message = messageOf(error);
  const { id: incident } = delivery.incident;
  const until =
    known?.concerns === 'notifier' ? pauseUntil({ pauses: pauses + 1, retryAfterMs }, backoff, now()) : null;
  // It keeps its place: when the pause is over it goes before those that were decided later.
  await store.outbox.failed(effect.id, { state, notBefore: until ?? notBefore, error: message });
  if (until !== null) await store.outbox.pause(notifier.name, until);
  observer.delivery(effect, done === 'unknown' ? 'ambiguous' : 'retry');
  log('warn', `not told yet: ${message}`, {
    notifier: notifier.name,
    effect: effect.kind,
    incident,
    attempts,
    ...(until === null ? { notBefore } : { allPausedUntil: until }),
  });
  return until === null ? 'failed' : 'paused';
}

/** The issue's number goes into the incident's log together with the delivery. */
async function recordDelivery(
  { store, now }: DeliverParts,
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
