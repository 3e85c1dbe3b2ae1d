import type { Effect } from '../../../src/core/effect.ts';
import { type Incident, type IncidentEvent, isActive } from '../../../src/core/incident.ts';
import type { Run } from '../../../src/core/run.ts';
import type { Commit, Outbox } from '../../../src/store/store.ts';

interface Waiting {
  readonly effect: Effect;
  state: 'pending' | 'ambiguous' | 'delivered';
  attempts: number;
  notBefore: Date;
}

/** A store in a few lines and in memory: what the real ones are compared with. */
export class Model {
  readonly runs = new Map<string, Run>();
  readonly incidents = new Map<string, Incident>();
  readonly events: IncidentEvent[] = [];
  readonly effects: Waiting[] = [];

  commit({ run, incidents, events, effects }: Commit): boolean | 'conflict' {
    if (run !== null && this.runs.has(run.id)) return false;
    if (incidents.some((incident) => this.conflicts(incident))) return 'conflict';
    if (run !== null) this.runs.set(run.id, run);
    for (const incident of incidents) this.incidents.set(incident.id, incident);
    this.events.push(...events);
    for (const effect of effects) {
      this.effects.push({ effect, state: 'pending', attempts: 0, notBefore: new Date(effect.createdAt) });
    }
    return true;
  }

  private conflicts({ id, revision, scope, criterion }: Incident): boolean {
    if (revision !== (this.incidents.get(id)?.revision ?? 0) + 1) return true;
    const rivals = this.live().filter(({ state }) => state !== 'resolved');
    return rivals.some(
      (other) => other.id !== id && other.criterion === criterion && other.scope.id === scope.id,
    );
  }

  active(): readonly Incident[] {
    return [...this.incidents.values()].filter(isActive);
  }

  live(): readonly Incident[] {
    return [...this.incidents.values()].filter(({ state }) => state !== 'closed' && state !== 'merged');
  }

  past(): readonly Incident[] {
    const closed = [...this.incidents.values()].filter(({ state }) => state === 'closed');
    return closed.filter(({ id, scope }) =>
      closed.every((other) => other.scope.id !== scope.id || other.id <= id),
    );
  }

  log(incident: string): readonly IncidentEvent[] {
    return this.events.filter((event) => event.incident === incident);
  }

  undelivered(): readonly Waiting[] {
    return this.effects.filter(({ state }) => state !== 'delivered');
  }

  next(now: Date): Waiting | null {
    const farOff = new Date(now.getTime() + 2 * 3_600_000);
    const isDue = ({ attempts, notBefore }: Waiting) =>
      attempts === 0 || notBefore <= now || notBefore > farOff;
    const due = this.heads().filter(isDue);
    const goesOn = ({ effect }: Waiting) => {
      const incident = this.incidents.get(effect.incident);
      return incident !== undefined && isActive(incident);
    };
    return due.find(goesOn) ?? due[0] ?? null;
  }

  nextDue(): Date | null {
    return this.heads().toSorted((a, b) => +a.notBefore - +b.notBefore)[0]?.notBefore ?? null;
  }

  failed(effect: string, { state, notBefore }: Parameters<Outbox['failed']>[1]): void {
    Object.assign(this.waiting(effect), { state, notBefore });
  }

  waiting(effect: string): Waiting {
    const found = this.effects.find((one) => one.effect.id === effect);
    if (found === undefined) throw new Error(`the model knows no effect ${effect}`);
    return found;
  }

  /** The first undelivered effect of each incident, oldest first. */
  private heads(): readonly Waiting[] {
    const seen = new Set<string>();
    return this.undelivered().filter(({ effect }) => {
      const isFirst = !seen.has(effect.incident);
      seen.add(effect.incident);
      return isFirst;
    });
  }
}
