import type { Change } from './change.ts';
import { unchanged } from './change.ts';
import type { Criterion } from './criterion.ts';
import { type Incident, isActive, isHeld } from './incident.ts';
import { isBroken } from './members.ts';
import { type Scope, isSameScope } from './scope.ts';

/** The live incidents of one criterion while it is decided what becomes of them. Lives within one decision. */
export class Board {
  private readonly changes: Map<string, Change>;
  private puts = 0;
  /** By hub; made when it is asked for, and anew after a change. It is asked for every hub again and again. */
  private coveringByHub: ReadonlyMap<string, Change> | null = null;

  constructor(live: readonly Incident[], criterion: Criterion) {
    const own = live.filter((incident) => incident.criterion === criterion);
    this.changes = new Map(own.map((incident) => [incident.id, unchanged(incident)]));
  }

  /** What was found out about the incidents holds as long as this stays what it is. */
  get version(): number {
    return this.puts;
  }

  put(change: Change): void {
    this.puts += 1;
    this.changes.set(change.incident.id, change);
    this.coveringByHub = null;
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

  /** The incident in which this hub is known to be broken; the oldest. */
  covering(hub: string): Change | undefined {
    this.coveringByHub ??= coveringByHub(this.all());
    return this.coveringByHub.get(hub);
  }

  changed(): readonly Change[] {
    return this.all().filter(({ added }) => added.length > 0);
  }
}

function coveringByHub(changes: readonly Change[]): ReadonlyMap<string, Change> {
  const covering = changes.filter(({ incident }) => looksAfter(incident));
  // Of several the first has the last word.
  return new Map(
    covering
      .toReversed()
      .flatMap((change) => change.incident.members.filter(isBroken).map(({ hub }) => [hub, change])),
  );
}

export function isMutedByHuman(incident: Incident): boolean {
  return incident.state === 'dismissed' || isHeld(incident);
}

function looksAfter(incident: Incident): boolean {
  return isActive(incident) || isMutedByHuman(incident);
}
