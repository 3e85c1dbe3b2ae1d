import type { Incident, IncidentEvent, IncidentEventData } from './incident.ts';

/**
 * The one function through which an incident changes: every row is what its log gives.
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
  switch (event.kind) {
    case 'declared':
      return impossible(incident, event);
    case 'issue-opened':
      // Also after the end: the outbox may be late, and the issue has to be found again to be closed.
      if (incident.issue !== null) return impossible(incident, event);
      return { issue: given(event, 'issue') };
    case 'recovering':
      if (incident.state !== 'open') return impossible(incident, event);
      return { state: 'recovering', recoveredAt: event.data.startedAt ?? event.at };
    case 'regressed':
      if (incident.state !== 'recovering') return impossible(incident, event);
      return { state: 'open', recoveredAt: null, lastFailedRun: event.data.run ?? incident.lastFailedRun };
    case 'resolved':
      if (incident.state !== 'recovering') return impossible(incident, event);
      return { state: 'resolved', resolvedAt: event.at };
  }
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
    state: 'open',
    startedAt: given(event, 'startedAt'),
    declaredAt: event.at,
    recoveredAt: null,
    resolvedAt: null,
    revision: 1,
    issue: null,
    firstRun,
    lastFailedRun: event.data.lastFailedRun ?? firstRun,
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
