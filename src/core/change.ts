import { applyEvent } from './incident-log.ts';
import type { Incident, IncidentEvent } from './incident.ts';

/** An incident together with what is about to be added to its log. */
export interface Change {
  /** As it is stored; null when it is about to be declared. */
  readonly before: Incident | null;
  readonly incident: Incident;
  readonly added: readonly IncidentEvent[];
}

export function begin(event: IncidentEvent): Change {
  return { before: null, incident: applyEvent(null, event), added: [event] };
}

export function unchanged(incident: Incident): Change {
  return { before: incident, incident, added: [] };
}

export function extend(change: Change, what: Omit<IncidentEvent, 'incident' | 'revision'>): Change {
  const { incident } = change;
  const event = { ...what, incident: incident.id, revision: incident.revision + 1 };
  return { ...change, incident: applyEvent(incident, event), added: [...change.added, event] };
}
