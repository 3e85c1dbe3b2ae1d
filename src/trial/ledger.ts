import type { Change } from '../core/change.ts';
import { type Incident, type IncidentEvent, isActive, isLive } from '../core/incident.ts';

/** An incident with its whole log, oldest event first. */
export interface Entry {
  readonly incident: Incident;
  readonly events: readonly IncidentEvent[];
}

/** What a store keeps of incidents, in memory. */
export class Ledger {
  readonly #entries = new Map<string, { incident: Incident; readonly events: IncidentEvent[] }>();
  #live: readonly Incident[] = [];
  #past: readonly Incident[] = [];
  #activeHubs: ReadonlySet<string> = new Set();

  /** Oldest first. */
  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** Those that deciding has to know, oldest first. */
  get live(): readonly Incident[] {
    return this.#live;
  }

  /** The latest closed incident of each scope and criterion. */
  get past(): readonly Incident[] {
    return this.#past;
  }

  get isQuiet(): boolean {
    return this.#activeHubs.size === 0;
  }

  /** Whether a hub is part of an incident that is not over. */
  isActive(hub: string): boolean {
    return this.#activeHubs.has(hub);
  }

  record(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    for (const { incident, added } of changes) {
      const entry = this.#entries.get(incident.id);
      if (entry === undefined) this.#entries.set(incident.id, { incident, events: [...added] });
      else {
        entry.incident = incident;
        entry.events.push(...added);
      }
    }
    const incidents = this.entries.map(({ incident }) => incident);
    this.#live = incidents.filter(isLive);
    this.#activeHubs = new Set(
      this.#live.filter(isActive).flatMap(({ members }) => members.map(({ hub }) => hub)),
    );
    const closed = incidents
      .filter(({ state }) => state === 'closed')
      .map((incident) => [key(incident), incident] as const);
    this.#past = [...new Map(closed).values()];
  }
}

function key({ scope, criterion }: Incident): string {
  return `${scope.kind} ${scope.id} ${criterion}`;
}
