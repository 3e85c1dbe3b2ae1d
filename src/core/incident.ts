import type { Criterion } from './criterion.ts';

export const INCIDENT_STATES = ['open', 'recovering', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export type Severity = 'low' | 'high';

/** The declared fact that a criterion is broken. Derived from its events by one transition function. */
export interface Incident {
  readonly id: string;
  /** What it is about: one hub now; a cluster or an identity provider once grouping is on. */
  readonly scope: { readonly kind: 'hub'; readonly id: string };
  readonly criterion: Criterion;
  readonly severity: Severity;
  readonly state: IncidentState;
  /** Start of the first failed run. */
  readonly startedAt: string;
  readonly declaredAt: string;
  readonly recoveredAt: string | null;
  readonly resolvedAt: string | null;
  /** Number of events so far; every write must extend exactly the revision it read. */
  readonly revision: number;
  readonly issue: { readonly number: number; readonly url: string } | null;
  /** The failed run whose evidence the issue shows. */
  readonly firstRun: string;
  readonly lastFailedRun: string;
}

/** Append-only log; the incident row is what replaying it gives. */
export interface IncidentEvent {
  readonly incident: string;
  /** 1, 2, 3, … */
  readonly revision: number;
  readonly at: string;
  readonly kind: 'declared' | 'issue-opened' | 'recovering' | 'regressed' | 'resolved';
  /** Why, in one sentence, as the timeline shows it. */
  readonly because: string;
  readonly data: IncidentEventData;
}

export interface IncidentEventData {
  /** The run that caused the event; for `declared` the first failed one. */
  readonly run?: string;
  /** For `declared`: the latest failed run by then. */
  readonly lastFailedRun?: string;
  readonly scope?: Incident['scope'];
  readonly criterion?: Criterion;
  readonly severity?: Severity;
  /** For `declared`: start of the first failed run; for `recovering`: start of the first run that passed. */
  readonly startedAt?: string;
  readonly issue?: { readonly number: number; readonly url: string };
}

/**
 * Something to be told to the outside, delivered from the outbox exactly once, in order within its incident.
 * Texts are rendered when the decision is made, so that what is told is what was decided.
 */
export type Effect = EffectHead & Telling;
export type EffectKind = Telling['kind'];

interface EffectHead {
  /** ULID, also the marker by which a delivery is found again. */
  readonly id: string;
  readonly incident: string;
  /** (incident, revision, kind) is unique. */
  readonly revision: number;
  readonly createdAt: string;
}

export type Telling =
  | {
      readonly kind: 'open-issue';
      readonly title: string;
      readonly labels: readonly string[];
      readonly body: string;
    }
  /** Brings the bot-owned blocks of the issue's body up to date, by block name; a human's words stay. */
  | { readonly kind: 'update-issue'; readonly blocks: Readonly<Record<string, string>> }
  | { readonly kind: 'comment'; readonly body: string }
  | { readonly kind: 'close-issue'; readonly blocks: Readonly<Record<string, string>> };
