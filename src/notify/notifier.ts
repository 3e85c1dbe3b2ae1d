import type { Effect } from '../core/effect.ts';
import type { Incident, Issue } from '../core/incident.ts';
import type { IssueSighting } from '../core/sighting.ts';

/** Tells effects to one place outside. One contract suite runs over every implementation. */
export interface Notifier {
  /** Which effects are its own: `github`, or `webhook:NAME`. Also a label of metrics. */
  readonly name: string;
  /**
   * Carries out one effect. `maybeDone`: an earlier attempt may have been carried out; look before doing it again.
   * @throws DeliveryError saying whether it is certain that nothing was done, and when to try again.
   */
  deliver(request: DeliveryRequest): Promise<Receipt>;
  /** Whether the place can be reached with the rights we need; a sentence for people when not. */
  check(signal: AbortSignal): Promise<NotifierCheck>;
  /**
   * What the issues of these incidents look like now, each read for itself where it may have changed. Notifiers that keep
   * no issues have none. @throws DeliveryError when it cannot be seen now.
   */
  sightings(request: SightingsRequest): Promise<readonly IssueSighting[]>;
  /**
   * Looks for what was told twice all the same: an attempt can be carried out after every look for it. Keeps one of each
   * and takes the others back. @throws DeliveryError when it cannot be seen or changed now.
   */
  sweep(request: SweepRequest): Promise<Sweep>;
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
  readonly issue?: Issue;
  /** It had been done by an earlier attempt. */
  readonly adopted: boolean;
  /** What was not done for good, and why: a human's word stands against it, or there is nothing to tell it on. */
  readonly left?: string;
}

export interface SightingsRequest {
  /** Each has an issue. */
  readonly incidents: readonly Incident[];
  readonly signal: AbortSignal;
}

/** An effect that took more than one attempt: only such can have been carried out twice. */
export interface Repeated {
  readonly effect: Effect;
  /** As it is now. */
  readonly incident: Incident;
  readonly firstAttemptAt: Date;
}

export interface SweepRequest {
  readonly repeated: readonly Repeated[];
  readonly signal: AbortSignal;
}

export interface Sweep {
  readonly duplicates: readonly Duplicate[];
  /** Incidents whose other issue is the better one to keep. */
  readonly moved: readonly { readonly incident: string; readonly issue: Issue }[];
}

/** Something that was told twice, and is no more. */
export interface Duplicate {
  readonly kind: 'issue' | 'comment';
  readonly incident: string;
  /** Address of what was taken back. */
  readonly removed: string;
}

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** `nothing`: certainly not carried out. `unknown`: it may have been. */
  readonly done: 'nothing' | 'unknown';
  /** `notifier`: no other effect would fare better, so that all of them have to wait. */
  readonly concerns: 'effect' | 'notifier';
  /** The other side's wish; null to let the outbox decide. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    options: {
      done: 'nothing' | 'unknown';
      concerns?: 'effect' | 'notifier';
      retryAfterMs?: number | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.done = options.done;
    this.concerns = options.concerns ?? 'effect';
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
