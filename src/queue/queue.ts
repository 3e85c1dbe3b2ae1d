import type { Criterion } from '../core/criterion.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { WhichAccount } from '../core/hub.ts';
import type { Run, Trigger } from '../core/run.ts';

/** What is asked for: one run of one hub. */
export interface RunRequest {
  /** Hub name. */
  readonly hub: string;
  readonly trigger: Trigger;
  readonly attempt: number;
  /** Which of the hub's accounts logs in; left out: the first. */
  readonly account?: WhichAccount;
  /** Only these criteria; null for all the hub probes. */
  readonly probes: readonly Criterion[] | null;
  /** Who asked and why, for the log. */
  readonly because: string;
}

/** A run that has been accepted and has not ended. */
export interface Flight {
  readonly id: string;
  readonly request: RunRequest;
  readonly state: 'queued' | 'running';
  /** ISO 8601 UTC. */
  readonly queuedAt: string;
  readonly startedAt: string | null;
}

export type Offer =
  | { readonly kind: 'accepted'; readonly flight: Flight }
  /** The hub has a run in flight already: at most one per hub. */
  | { readonly kind: 'in-flight'; readonly flight: Flight }
  /** Its account has made all the logins of an hour that it may: the next is allowed then. */
  | { readonly kind: 'login-limit'; readonly next: Date }
  /** The queue is closing. */
  | { readonly kind: 'closed' };

/** Decides which run starts when. At most one run per hub, at most `concurrency` at once; waiting is never part of a run's duration. */
export interface Queue {
  /** Takes a run or says why not; never waits. On-demand runs go before scheduled ones. */
  offer(request: RunRequest): Offer;
  flights(): readonly Flight[];
  flight(id: string): Flight | null;
  /**
   * Follows a run in flight: replays the events so far, then the rest as they come, ending after `finished`, which
   * comes once the run is committed. Null when no such run is in flight. Call the returned function to stop following.
   * A follower that throws is not called again.
   */
  follow(id: string, onEvent: (event: RunEvent) => void): (() => void) | null;
  /** Hears of every run that is accepted, starts or has ended. Call the returned function to hear no more. */
  onChange(listener: () => void): () => void;
  /** Resolves with the finished, committed run; null when no such run is in flight. */
  finished(id: string): Promise<Run> | null;
  /**
   * Takes no more, aborts what runs (cleanup included), resolves when all has ended. What still waits is executed with
   * an aborted signal, so that every accepted run ends in exactly one outcome.
   */
  close(): Promise<void>;
}

export interface QueueParts {
  /** How many runs may be in flight at once. */
  readonly concurrency: number;
  readonly execute: Execute;
  readonly now: () => Date;
  /** A fresh ULID. */
  readonly newId: () => string;
}

/** What the queue calls to execute an accepted run to its end: run it, commit it. Never rejects. */
export type Execute = (
  flight: Flight,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
) => Promise<Run>;
