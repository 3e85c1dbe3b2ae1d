import { applyEvent } from './incident-log.ts';
import type { Incident, IncidentEvent } from './incident.ts';

/** An incident together with what is about to be added to its log. */
export interface Change {
  readonly incident: Incident;
  /** The whole log, `added` included, oldest first. */
  readonly events: readonly IncidentEvent[];
  readonly added: readonly IncidentEvent[];
}

export function begin(event: IncidentEvent): Change {
  return { incident: applyEvent(null, event), events: [event], added: [event] };
}

export function extend(change: Change, what: Omit<IncidentEvent, 'incident' | 'revision'>): Change {
  const { incident } = change;
  const event = { ...what, incident: incident.id, revision: incident.revision + 1 };
  return {
    incident: applyEvent(incident, event),
    events: [...change.events, event],
    added: [...change.added, event],
  };
}
