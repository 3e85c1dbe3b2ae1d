import { type Incident, type IncidentEvent, type IncidentEventData, isActive, isLive } from './incident.ts';
import { joined, wellFrom } from './members.ts';

/** So many of the latest times at which it broke are kept; more than flapping ever asks for. */
const BREAKS_KEPT = 20;

/**
 * The one function through which an incident changes: every row is what its log gives. There are no timers to cancel:
 * whatever is due at a later time is derived from the row.
 * @throws when the event belongs to another incident, leaves a gap in the log, or cannot happen in this state.
 */
export function applyEvent(incident: Incident | null, event: IncidentEvent): Incident {
  if (incident === null) return declare(event);
  requireNext(incident, event);
  return { ...incident, ...change(incident, event), revision: event.revision };
}

/** The row that a whole log gives, oldest event first; null for an empty log. */
export function replay(events: readonly IncidentEvent[]): Incident | null {
  return events.reduce<Incident | null>(applyEvent, null);
}

function change(incident: Incident, event: IncidentEvent): Partial<Incident> {
  const { at, data } = event;
  const { state } = incident;
  const only = (possible: boolean) => (possible ? undefined : impossible(incident, event));
  const withMembers =
    data.members === undefined
      ? {}
      : { members: joined(incident.members, data.members), membersChangedAt: at };
  const severity = data.severity ?? incident.severity;
  switch (event.kind) {
    case 'declared':
      return impossible(incident, event);
    case 'issue-opened':
      // Also after the end: the outbox may be late, and the issue has to be found again to be closed.
      only(incident.issue === null);
      return { issue: given(event, 'issue') };
    case 'issue-moved':
      only(incident.issue !== null);
      return { issue: given(event, 'issue') };
    case 'issue-gone':
      only(incident.issue !== null && !incident.issueIsGone);
      return { issueIsGone: true };
    case 'acknowledged':
      only(isLive(incident));
      return {
        assignees: given(event, 'assignees'),
        acknowledgedAt: incident.acknowledgedAt ?? at,
        state: state === 'declared' ? 'acknowledged' : state,
      };
    case 'unacknowledged':
      only(isLive(incident));
      return {
        assignees: [],
        acknowledgedAt: null,
        state: state === 'acknowledged' ? 'declared' : state,
      };
    case 'joined':
      only(isLive(incident));
      return { ...withMembers, severity, lastFailedRun: data.run ?? incident.lastFailedRun };
    case 'left':
      only(isLive(incident));
      return withMembers;
    case 'widened':
      only(isActive(incident));
      return { ...withMembers, severity, scope: given(event, 'scope') };
    case 'absorbed':
      only(isActive(incident));
      return { ...withMembers, severity };
    case 'merged':
      only(isActive(incident));
      return { state: 'merged', mergedInto: given(event, 'other'), closedAt: at };
    case 'mitigated':
      only(state === 'declared' || state === 'acknowledged');
      return { ...withMembers, state: 'mitigated', recoveredAt: data.startedAt ?? at };
    case 'regressed':
      only(state === 'mitigated');
      return { ...withMembers, ...broken(incident, event) };
    case 'flapping':
      only(isActive(incident) && !incident.isFlapping);
      return { isFlapping: true };
    case 'steady':
      only(incident.isFlapping);
      return { isFlapping: false };
    case 'resolved':
      only(state === 'mitigated');
      return {
        state: 'resolved',
        resolvedAt: at,
        members: wellFrom(incident.members, incident.recoveredAt ?? at),
      };
    case 'reopened':
      only(state === 'resolved');
      return { ...withMembers, ...broken(incident, event), severity, resolvedAt: null };
    case 'dismissed':
      only(isActive(incident));
      return { state: 'dismissed', isKeptOpen: false };
    case 'closed-by-human':
      only(isActive(incident));
      return {
        state: 'resolved',
        resolvedAt: at,
        isKeptOpen: false,
        isFlapping: false,
        members:
          incident.recoveredAt === null ? incident.members : wellFrom(incident.members, incident.recoveredAt),
      };
    case 'reopened-by-human':
      only(state === 'resolved' || state === 'dismissed');
      return openedAgain(incident, at);
    case 'closed':
      only(state === 'resolved' || state === 'dismissed');
      return { state: 'closed', closedAt: at };
  }
}

function broken(incident: Incident, { at, data }: IncidentEvent): Partial<Incident> {
  return {
    state: brokenState(incident),
    recoveredAt: null,
    isKeptOpen: false,
    lastFailedRun: data.run ?? incident.lastFailedRun,
    brokeAt: [...incident.brokeAt, at].slice(-BREAKS_KEPT),
  };
}

function brokenState({ assignees }: Incident): 'acknowledged' | 'declared' {
  return assignees.length > 0 ? 'acknowledged' : 'declared';
}

/** As broken or well as its members are; what is well is left for the human to close. */
function openedAgain(incident: Incident, at: string): Partial<Incident> {
  const isWell = incident.members.every(({ wellSince }) => wellSince !== null);
  return {
    state: isWell ? 'mitigated' : brokenState(incident),
    isKeptOpen: isWell,
    recoveredAt: isWell ? (incident.recoveredAt ?? at) : null,
    resolvedAt: null,
  };
}

function declare(event: IncidentEvent): Incident {
  if (event.kind !== 'declared' || event.revision !== 1) {
    throw new Error(
      `the log of incident ${event.incident} has to begin with "declared" at revision 1, not with ${named(event)}`,
    );
  }
  const firstRun = given(event, 'run');
  return {
    id: event.incident,
    scope: given(event, 'scope'),
    criterion: given(event, 'criterion'),
    severity: given(event, 'severity'),
    state: 'declared',
    startedAt: given(event, 'startedAt'),
    declaredAt: event.at,
    acknowledgedAt: null,
    assignees: [],
    recoveredAt: null,
    resolvedAt: null,
    closedAt: null,
    revision: 1,
    issue: null,
    issueIsGone: false,
    firstRun,
    lastFailedRun: event.data.lastFailedRun ?? firstRun,
    members: given(event, 'members'),
    membersChangedAt: event.at,
    brokeAt: [event.at],
    isFlapping: false,
    isKeptOpen: false,
    previous: event.data.other ?? null,
    mergedInto: null,
  };
}

function requireNext(incident: Incident, event: IncidentEvent): void {
  if (event.incident !== incident.id) {
    throw new Error(
      `${named(event)} of incident ${event.incident} cannot be applied to incident ${incident.id}`,
    );
  }
  if (event.revision !== incident.revision + 1) {
    throw new Error(
      `incident ${incident.id} is at revision ${incident.revision}; ${named(event)} does not follow it`,
    );
  }
}

function given<Key extends keyof IncidentEventData>(
  event: IncidentEvent,
  key: Key,
): NonNullable<IncidentEventData[Key]> {
  const value = event.data[key];
  if (value === undefined)
    throw new Error(`${named(event)} of incident ${event.incident} does not say its ${key}`);
  return value;
}

function impossible(incident: Incident, event: IncidentEvent): never {
  throw new Error(`incident ${incident.id} is ${incident.state}; ${named(event)} cannot happen to it`);
}

function named(event: IncidentEvent): string {
  return `event ${event.revision} "${event.kind}"`;
}
