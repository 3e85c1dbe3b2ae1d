import type { Effect } from '../core/effect.ts';
import type { Incident, IncidentEvent } from '../core/incident.ts';
import type { Criterion } from '../core/criterion.ts';
import type { Leftover } from '../core/leftover.ts';
import type { OutcomeKind, Owned, Run, Trigger } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';

/** Everything that must survive a restart. One contract suite runs over every implementation. */
export interface Store {
  /** Fails when the store cannot be read and written now. */
  ping(): Promise<void>;
  close(): Promise<void>;
  /** The last in order of all ids of runs, incidents and effects: new ones have to come after it. Null: there are none. */
  latestId(): Promise<string | null>;

  /** Notes that a run begins, so that one that never ends is known after a crash. */
  begin(run: BegunRun): Promise<void>;
  /** Begun and never committed, oldest first. */
  unfinished(): Promise<readonly BegunRun[]>;

  /**
   * Records facts, verdicts, incidents, their events and the effects to be told, all or nothing.
   * Committing a run id twice changes nothing and returns false.
   * @throws Conflict when an incident was changed since it was read, or one is active or dismissed for the same scope and criterion.
   */
  commit(commit: Commit): Promise<boolean>;

  /** Newest first. */
  recentRuns(hub: string, limit: number): Promise<readonly Run[]>;
  run(id: string): Promise<Run | null>;
  runs(query: RunQuery): Promise<readonly Run[]>;
  /**
   * Removes runs that started before this instant, but for those that an incident speaks of, and effects that were out by
   * then; returns how many of both.
   */
  prune(before: Date): Promise<number>;
  verdicts(): Promise<readonly Verdict[]>;
  /** Whether this account has ever logged into this hub. */
  credentialProven(hub: string, username: string): Promise<boolean>;

  /**
   * What runs left behind on hubs, oldest first. `commit` enters what its run left and takes out what its run removed.
   */
  leftovers(): Promise<readonly Leftover[]>;
  /** A cleanup of this account removed these things. */
  leftoversGone(cleaned: { hub: string; account: string; removed: readonly Owned[] }): Promise<void>;
  /** A cleanup of this account did not remove all: counts the attempt for everything the account has left. */
  leftoversTried(tried: { hub: string; account: string; notBefore: string; error: string }): Promise<void>;

  incident(id: string): Promise<Incident | null>;
  /** Declared, acknowledged or mitigated; oldest first. */
  activeIncidents(): Promise<readonly Incident[]>;
  /** These, and what is resolved or dismissed and not closed yet: all that a fault can meet. Oldest first. */
  liveIncidents(): Promise<readonly Incident[]>;
  /** The latest closed incident of every scope and criterion. */
  pastIncidents(): Promise<readonly Incident[]>;
  /** Newest first. */
  incidents(query: { readonly before?: string; readonly limit: number }): Promise<readonly Incident[]>;
  incidentEvents(incident: string): Promise<readonly IncidentEvent[]>;

  /** The run id that a key was bound to within 24 h; null for a new key. */
  findIdempotencyKey(question: { key: string; now: Date }): Promise<string | null>;
  /** Binds an idempotency key to a run id; returns the id it is bound to, which is the earlier one if there was one within 24 h. */
  bindIdempotencyKey(binding: { key: string; runId: string; now: Date }): Promise<string>;

  readonly outbox: Outbox;
}

export interface BegunRun {
  readonly id: string;
  readonly hub: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  readonly account: string | null;
  readonly startedAt: string;
  readonly criteria: readonly Criterion[];
}

export interface Commit {
  readonly run: Run | null;
  readonly verdicts: readonly Verdict[];
  /** Rows as they are after `events`; their `revision` is that of their last event. */
  readonly incidents: readonly Incident[];
  readonly events: readonly IncidentEvent[];
  readonly effects: readonly Effect[];
  /** The account that this run proved to be good. */
  readonly proven: { readonly hub: string; readonly username: string } | null;
}

export interface RunQuery {
  readonly hub?: string;
  readonly outcome?: OutcomeKind;
  /** Runs that did not pass this criterion's probe: `criteria[criterion]` is `failed`. */
  readonly criterion?: Criterion;
  /** Only runs with a smaller id. */
  readonly before?: string;
  readonly limit: number;
}

/**
 * Effects on their way out, in a lane for each notifier: what holds one up does not hold up another. State per effect:
 * pending → in-flight → delivered, or back to pending, or ambiguous.
 */
export interface Outbox {
  /** Takes or renews the right to send for a notifier; false while somebody else holds it. */
  lease(notifier: string, holder: string, now: Date, forMs: number): Promise<boolean>;
  release(notifier: string, holder: string): Promise<void>;
  /**
   * The notifier's oldest undelivered effect that is due and has no undelivered effect of its incident before it; those of
   * active incidents first. Null too while the notifier is paused.
   */
  next(notifier: string, now: Date): Promise<Delivery | null>;
  /** When the next undelivered effect becomes due, pauses included; null when there is none. */
  nextDue(notifier: string): Promise<Date | null>;
  /** Nothing of the notifier goes out before then, at most an hour or so from now. The last call counts. */
  pause(notifier: string, until: Date): Promise<void>;
  /**
   * Committed before the request goes out: a crash after this leaves the delivery ambiguous.
   * @throws Conflict when somebody else has delivered it.
   */
  sending(effect: string, now: Date): Promise<void>;
  /**
   * The effect is out, for good: later reports about it change nothing. What it taught us about the incident is
   * committed with it. @throws Conflict when the incident was changed since it was read; then it is not yet noted as out.
   */
  delivered(
    effect: string,
    now: Date,
    change: { incident: Incident; event: IncidentEvent } | null,
  ): Promise<void>;
  /** It is certain that nothing was done (`pending`), or it is not known (`ambiguous`); try again from `notBefore`. */
  failed(
    effect: string,
    result: { state: 'pending' | 'ambiguous'; notBefore: Date; error: string },
  ): Promise<void>;
  /** Incidents of which the notifier still has something to tell, or told something since then. */
  unsettled(notifier: string, since: Date): Promise<ReadonlySet<string>>;
  /** Effects that went out since then and took more than one attempt, oldest first. */
  repeated(notifier: string, since: Date): Promise<readonly RepeatedDelivery[]>;
  /** Of all notifiers together, and of each that has something to tell. */
  status(): Promise<OutboxStatus>;
}

export interface Delivery {
  readonly effect: Effect;
  /** As it is now, with its issue once that is known. */
  readonly incident: Incident;
  /** `ambiguous`: an earlier attempt may have been carried out. After a crash an in-flight delivery reads as ambiguous. */
  readonly state: 'pending' | 'ambiguous';
  /** Attempts so far. */
  readonly attempts: number;
  readonly firstAttemptAt: Date | null;
  readonly lastAttemptAt: Date | null;
  readonly lastError: string | null;
}

export interface RepeatedDelivery {
  readonly effect: Effect;
  /** As it is now. */
  readonly incident: Incident;
  readonly firstAttemptAt: Date;
  readonly deliveredAt: Date;
}

export interface OutboxStatus extends WaitingEffects {
  readonly lanes: readonly LaneStatus[];
}

export interface LaneStatus extends WaitingEffects {
  readonly notifier: string;
}

interface WaitingEffects {
  readonly pending: number;
  /** Creation of the oldest undelivered effect; null when there is none. */
  readonly oldestAt: Date | null;
  readonly lastError: string | null;
}

/** Somebody else changed it first: read again and decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** What is wrong with the store, for people. Nothing was deleted or overwritten. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: 'locked' | 'corrupt' | 'full' | 'unwritable' | 'newer' | 'foreign' | 'missing' | 'busy';

  constructor(code: StoreError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const WAITING_HELPS: readonly StoreError['code'][] = ['locked', 'full', 'unwritable', 'busy'];

/** Whether the same may well succeed later, without anybody changing what is stored or how it is used. */
export function mayPass(error: unknown): boolean {
  return error instanceof StoreError && WAITING_HELPS.includes(error.code);
}
