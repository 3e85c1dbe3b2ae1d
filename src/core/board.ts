import type { Change } from './change.ts';
import { unchanged } from './change.ts';
import type { Criterion } from './criterion.ts';
import { type Incident, isActive, isHeld } from './incident.ts';
import { isBroken } from './members.ts';
import { type Scope, isSameScope } from './scope.ts';

/** The live incidents of one criterion while it is decided what becomes of them. Lives within one decision. */
export class Board {
  private readonly changes: Map<string, Change>;

  constructor(live: readonly Incident[], criterion: Criterion) {
    const own = live.filter((incident) => incident.criterion === criterion);
    this.changes = new Map(own.map((incident) => [incident.id, unchanged(incident)]));
  }

  put(change: Change): void {
    this.changes.set(change.incident.id, change);
  }

  /** Oldest first, with what was decided of them so far. */
  all(): readonly Change[] {
    return [...this.changes.values()];
  }

  find(is: (incident: Incident) => boolean): Change | undefined {
    return this.all().find(({ incident }) => is(incident));
  }

  /** Active, or muted by a human, for exactly this scope. */
  looksAfter(scope: Scope): boolean {
    return this.find((incident) => isSameScope(incident.scope, scope) && looksAfter(incident)) !== undefined;
  }

  /** The incident in which this hub is known to be broken. */
  covering(hub: string): Change | undefined {
    return this.find(
      (incident) =>
        looksAfter(incident) && incident.members.some((member) => member.hub === hub && isBroken(member)),
    );
  }

  changed(): readonly Change[] {
    return this.all().filter(({ added }) => added.length > 0);
  }
}

export function isMutedByHuman(incident: Incident): boolean {
  return incident.state === 'dismissed' || isHeld(incident);
}

function looksAfter(incident: Incident): boolean {
  return isActive(incident) || isMutedByHuman(incident);
}
