import type { Effect } from './effect.ts';
import type { Incident, IncidentEvent } from './incident.ts';

/** What is to be recorded and told, and why. */
export interface Decision {
  /** Rows as they are after `events`. */
  readonly incidents: readonly Incident[];
  readonly events: readonly IncidentEvent[];
  readonly effects: readonly Effect[];
  /** Sentences for the log. */
  readonly reasons: readonly string[];
}
