import type { Page } from 'playwright';
import type { Criterion } from './core/criterion.ts';
import type { Hub } from './core/hub.ts';
import type { Attribution, HubReason } from './core/reason.ts';
import type { OwnedKind } from './core/run.ts';
import type { ApiKey } from './jupyterhub/ask.ts';
import type { PageWatch } from './jupyterhub/page-watch.ts';
import type { RunningServer } from './jupyterhub/server.ts';
import type { Session } from './jupyterhub/session.ts';

/**
 * What a probe is: a user's story about one criterion, told in named steps.
 * It ends by returning (the criterion holds) or by throwing a `Broken` (the hub's side) from inside a step.
 * Anything else that is thrown is our own fault and never evidence against the hub.
 */
export interface Probe {
  readonly criterion: Criterion;
  /** Criteria that must hold before this one can be tried. */
  readonly needs: readonly Criterion[];
  /** The names of all its steps, in order, so that steps that were not reached can be shown as skipped. */
  steps(hub: Hub): readonly string[];
  run(visit: Visit): Promise<void>;
}

export function defineProbe(probe: Probe): Probe {
  return probe;
}

/** One visit of the canary user to one hub: everything a probe may touch. */
export interface Visit {
  /** The run's id. */
  readonly run: string;
  readonly hub: Hub;
  readonly page: Page;
  /** What the page's documents were answered with. */
  readonly watch: PageWatch;
  /** Aborts when the run's deadline is over or we were told to stop. */
  readonly signal: AbortSignal;
  /** What earlier probes found out and later ones build on. */
  readonly found: Found;
  /** The password or token that logs the canary user in. */
  readonly credential: Credential;
  /** Runs one named, timed step; its name must be one of the probe's `steps`. */
  step<T>(name: string, limit: StepLimit, body: (step: StepControl) => Promise<T>): Promise<T>;
  /**
   * Says, before it is made, that the run owns something on the hub and how to remove it; removal is run and verified
   * whatever happens. @returns for saying that it was not made after all.
   */
  own(
    kind: OwnedKind,
    id: string,
    remove: (signal: AbortSignal) => Promise<void>,
    how?: { /** Only the open page can do it. */ readonly throughPage: boolean },
  ): () => void;
  /** Hands up what the parent process needs to remove the run's belongings when this process is dead. */
  entrust(custody: Custody): void;
  /** Keeps words of the gateway or its client for the evidence, should the run fail. */
  gatewaySaid(words: string): void;
  log(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface Credential {
  readonly username: string;
  readonly password: string;
}

export interface StepLimit {
  /** How long the step may take, in milliseconds. */
  readonly withinMs: number;
  /** What it means when it takes longer. */
  readonly late: { readonly reason: HubReason; readonly attribution?: Attribution; readonly message: string };
  /** Longer than this is reported as slow, not as failed. */
  readonly slowAfterMs?: number;
}

export interface StepControl {
  /** Aborts when the step's own limit or the run's deadline is over. */
  readonly signal: AbortSignal;
  /** A line for people while the step runs ("Started container notebook"); the last one is kept in the record. */
  note(text: string): void;
}

/** The key to clean up over the hub's API: `apiUrl` ends with `hub/api/`, a token is the user's own and short-lived. */
export interface Custody extends ApiKey {
  readonly apiUrl: string;
  readonly user: string;
}

/** What one probe leaves for the next: a session after login, a running server after server. */
export interface Found {
  session?: Session;
  server?: RunningServer;
}
