import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { type NotifierParts, createNotifiers } from '../../src/notify/index.ts';
import {
  DeliveryError,
  type DeliveryRequest,
  type Notifier,
  type Receipt,
} from '../../src/notify/notifier.ts';
import type { GitHubStandIn } from '../testbed/github/stand-in.ts';

/** A notifier for the stand-in, with what it said and was told on the way. */
export function notifierAt(github: GitHubStandIn, changes: Partial<NotifierParts> = {}) {
  const logged: string[] = [];
  const remaining: number[] = [];
  const [notifier, ...others] = createNotifiers({
    github: { repository: github.repository, apiUrl: github.url },
    auth: async () => ({ kind: 'token', token: github.token }),
    userAgent: 'hubcanary/test',
    writeGapMs: 0,
    onRateLimit: (left) => remaining.push(left),
    now: () => new Date(),
    log: (text) => logged.push(text),
    ...changes,
  });
  return { notifier, others, logged, remaining };
}

export function deliver(
  notifier: Notifier,
  incident: Incident,
  effect: Effect,
  changes: Partial<DeliveryRequest> = {},
): Promise<Receipt> {
  const first = { maybeDone: false, firstAttemptAt: null, signal: AbortSignal.timeout(10_000) };
  return notifier.deliver({ incident, effect, ...first, ...changes });
}

/** As after an attempt whose fate is not known. */
export function again(): Partial<DeliveryRequest> {
  return { maybeDone: true, firstAttemptAt: new Date() };
}

/** How a delivery failed. @throws when it did not fail, or with something else. */
export async function failureOf(delivery: Promise<Receipt>): Promise<DeliveryError> {
  const result = await delivery.catch((error: unknown) => error);
  if (result instanceof DeliveryError) return result;
  throw new Error('expected a DeliveryError', { cause: result });
}
