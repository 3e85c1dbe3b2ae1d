/**
 * The tables. A portable subset, so that the same queries serve SQLite and PostgreSQL: texts, whole numbers, JSON as text.
 * Instants are ISO 8601 UTC texts of fixed width, which sort as time does.
 */
export interface Tables {
  run: RunTable;
  begun_run: BegunRunTable;
  verdict: VerdictTable;
  proven_credential: ProvenCredentialTable;
  incident: IncidentTable;
  incident_event: IncidentEventTable;
  incident_run: IncidentRunTable;
  effect: EffectTable;
  lane: LaneTable;
  lease: LeaseTable;
  idempotency_key: IdempotencyKeyTable;
  leftover: LeftoverTable;
}

interface RunTable {
  id: string;
  hub: string;
  outcome: string;
  /** Criteria that failed, as `,server,` so that one can be looked for; empty when none did. */
  failed_criteria: string;
  started_at: string;
  record: string;
}

interface BegunRunTable {
  id: string;
  started_at: string;
  record: string;
}

interface VerdictTable {
  hub: string;
  criterion: string;
  record: string;
}

interface ProvenCredentialTable {
  hub: string;
  username: string;
}

interface IncidentTable {
  id: string;
  scope_kind: string;
  scope_id: string;
  criterion: string;
  state: string;
  revision: number;
  record: string;
}

interface IncidentEventTable {
  incident: string;
  revision: number;
  record: string;
}

/** Runs that an incident speaks of. */
interface IncidentRunTable {
  run: string;
  incident: string;
}

interface EffectTable {
  id: string;
  incident: string;
  revision: number;
  /** Place among the effects that were committed with it. */
  ordinal: number;
  kind: string;
  notifier: string;
  created_at: string;
  record: string;
  state: 'pending' | 'in-flight' | 'ambiguous' | 'delivered';
  attempts: number;
  first_attempt_at: string | null;
  last_attempt_at: string | null;
  not_before: string;
  last_error: string | null;
  delivered_at: string | null;
}

/** How a notifier's effects go out, where that is more than one after the other. */
interface LaneTable {
  notifier: string;
  /** Nothing is sent before. */
  paused_until: string;
}

interface LeaseTable {
  name: string;
  holder: string;
  expires_at: string;
}

interface IdempotencyKeyTable {
  key: string;
  run: string;
  bound_at: string;
}

/** What runs left behind on hubs and nobody has removed yet. Never a secret: who cleans up logs in. */
interface LeftoverTable {
  hub: string;
  account: string;
  kind: string;
  thing: string;
  run: string;
  since: string;
  attempts: number;
  not_before: string;
  last_error: string | null;
}
