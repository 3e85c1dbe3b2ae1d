import type { Criteria } from './criteria.ts';
import type { Hub } from './hub.ts';
import type { Effect, Incident, IncidentEvent } from './incident.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import type { Run } from './run.ts';
import type { Verdict } from './verdict.ts';

/** What is to be recorded and told, and why. */
export interface Decision {
  /** Rows as they are after `events`. */
  readonly incidents: readonly Incident[];
  readonly events: readonly IncidentEvent[];
  readonly effects: readonly Effect[];
  /** Sentences for the log. */
  readonly reasons: readonly string[];
}

export interface OpenIncident {
  readonly incident: Incident;
  /** Its whole log, oldest first. */
  readonly events: readonly IncidentEvent[];
}

export interface DecideInput {
  readonly hub: Hub;
  /** The run that gave the occasion; null when only time has passed. */
  readonly run: Run | null;
  readonly verdictsBefore: readonly Verdict[];
  readonly verdicts: readonly Verdict[];
  /** The open or recovering incidents of this hub. */
  readonly openIncidents: readonly OpenIncident[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Ends with a slash; null: links are left out. */
  readonly publicUrl: string | null;
  readonly labels: readonly string[];
  /** Newest first, `run` among them. */
  readonly runs: readonly Run[];
  readonly now: Date;
  /** Gives ULIDs in ascending order: effects of one incident are told in the order of their ids. */
  readonly newId: () => string;
}
