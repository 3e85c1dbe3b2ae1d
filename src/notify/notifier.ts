import type { Effect } from '../core/effect.ts';
import type { Incident } from '../core/incident.ts';

/** Tells effects to one place outside. One contract suite runs over every implementation. */
export interface Notifier {
  readonly name: string;
  /**
   * Carries out one effect. `maybeDone`: an earlier attempt may have been carried out; look before doing it again.
   * @throws DeliveryError saying whether it is certain that nothing was done, and when to try again.
   */
  deliver(request: DeliveryRequest): Promise<Receipt>;
  /** Whether the place can be reached with the rights we need; a sentence for people when not. */
  check(signal: AbortSignal): Promise<NotifierCheck>;
}

/** `refused`: it answered and said no, so somebody has to mend the configuration; otherwise it did not answer. */
export type NotifierCheck =
  { readonly ok: true } | { readonly ok: false; readonly refused: boolean; readonly why: string };

export interface DeliveryRequest {
  readonly effect: Effect;
  readonly incident: Incident;
  readonly maybeDone: boolean;
  /** When the first attempt was made; null on the first. */
  readonly firstAttemptAt: Date | null;
  readonly signal: AbortSignal;
}

export interface Receipt {
  /** After `open-issue`. */
  readonly issue?: { readonly number: number; readonly url: string };
  /** It had been done by an earlier attempt. */
  readonly adopted: boolean;
}

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** `nothing`: certainly not carried out. `unknown`: it may have been. */
  readonly done: 'nothing' | 'unknown';
  /** The other side's wish; null to let the outbox decide. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: { done: 'nothing' | 'unknown'; retryAfterMs?: number | null; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.done = options.done;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
