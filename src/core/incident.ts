import type { Criterion } from './criterion.ts';
import type { Scope } from './scope.ts';

/** Broken, or well for not long enough yet: the fault is being looked after. */
export const ACTIVE_STATES = ['declared', 'acknowledged', 'mitigated'] as const;
/** What deciding has to know: a fault that comes back meets them. */
export const LIVE_STATES = [...ACTIVE_STATES, 'resolved', 'dismissed'] as const;
/**
 * declared: nobody has taken it · acknowledged: the issue has an assignee · mitigated: every member is well, not for long
 * enough yet · resolved: well long enough, or closed by a human · dismissed: closed by a human as not planned ·
 * closed, merged: final.
 */
export const INCIDENT_STATES = [...LIVE_STATES, 'closed', 'merged'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

export const SEVERITIES = ['low', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Issue {
  readonly number: number;
  readonly url: string;
}

/** A hub that is or was part of an incident. Times are ISO 8601 UTC. */
export interface Member {
  readonly hub: string;
  /** Start of its first failed run of this outage. */
  readonly since: string;
  readonly joinedAt: string;
  readonly firstRun: string;
  readonly lastFailedRun: string;
  /** Start of the first run that passed; null while it is not known to be well. */
  readonly wellSince: string | null;
}

/** The declared fact that a criterion is broken. Derived from its events by one transition function. */
export interface Incident {
  readonly id: string;
  readonly scope: Scope;
  readonly criterion: Criterion;
  /** The highest there ever was. */
  readonly severity: Severity;
  readonly state: IncidentState;
  /** Start of the first failed run. */
  readonly startedAt: string;
  readonly declaredAt: string;
  /** When the first assignee was seen; null while there is none. */
  readonly acknowledgedAt: string | null;
  /** Who has taken it: the issue's assignees as they were seen last. */
  readonly assignees: readonly string[];
  /** When every member was well again; null while one is broken. */
  readonly recoveredAt: string | null;
  /** When it was resolved, or closed by a human. */
  readonly resolvedAt: string | null;
  /** When it became final: closed or merged. */
  readonly closedAt: string | null;
  /** Number of events so far; every write must extend exactly the revision it read. */
  readonly revision: number;
  readonly issue: Issue | null;
  /** The issue was deleted: nothing can be told there any more. */
  readonly issueIsGone: boolean;
  /** The failed run whose evidence the issue shows. */
  readonly firstRun: string;
  readonly lastFailedRun: string;
  /** In the order in which they joined. */
  readonly members: readonly Member[];
  /** When a hub joined or left it last. */
  readonly membersChangedAt: string;
  /** When it broke: declared, regressed or reopened; the latest ones, oldest first. */
  readonly brokeAt: readonly string[];
  readonly isFlapping: boolean;
  /** A human opened the issue again while all was well: it is theirs to close. */
  readonly isKeptOpen: boolean;
  /** The closed incident of the same fault before this one. */
  readonly previous: string | null;
  /** The incident that absorbed this one. */
  readonly mergedInto: string | null;
}

export const EVENT_KINDS = [
  'declared',
  'issue-opened',
  'acknowledged',
  'unacknowledged',
  'joined',
  'left',
  'widened',
  'absorbed',
  'merged',
  'mitigated',
  'regressed',
  'flapping',
  'steady',
  'resolved',
  'reopened',
  'dismissed',
  'closed',
  'closed-by-human',
  'reopened-by-human',
  'issue-moved',
  'issue-gone',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Append-only log; the incident row is what replaying it gives. */
export interface IncidentEvent {
  readonly incident: string;
  /** 1, 2, 3, … */
  readonly revision: number;
  readonly at: string;
  readonly kind: EventKind;
  /** Why, in one sentence, as the timeline shows it. */
  readonly because: string;
  readonly data: IncidentEventData;
}

export interface IncidentEventData {
  /** The run that caused the event; for `declared` the first failed one. */
  readonly run?: string;
  /** For `declared`: the latest failed run by then. */
  readonly lastFailedRun?: string;
  readonly scope?: Scope;
  readonly criterion?: Criterion;
  readonly severity?: Severity;
  /** For `declared`: start of the first failed run; for `mitigated`: since when every member is well. */
  readonly startedAt?: string;
  readonly issue?: Issue;
  /** Members as they are from now on; the others stay as they were. */
  readonly members?: readonly Member[];
  /** The other incident: the one before (`declared`), the one that absorbed (`merged`) or was absorbed (`absorbed`). */
  readonly other?: string;
  readonly assignees?: readonly string[];
}

export function isActive({ state }: Pick<Incident, 'state'>): boolean {
  return ACTIVE_STATES.some((active) => active === state);
}

export function isLive({ state }: Pick<Incident, 'state'>): boolean {
  return LIVE_STATES.some((live) => live === state);
}

/** Closed by a human while it was broken: their word holds until every member has been well once. */
export function isHeld({ state, members }: Pick<Incident, 'state' | 'members'>): boolean {
  return state === 'resolved' && members.some(({ wellSince }) => wellSince === null);
}
