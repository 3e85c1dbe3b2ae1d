import type { Change } from '../core/change.ts';
import type { Decision } from '../core/decision.ts';
import type { FleetDecision } from '../core/fleet.ts';
import type { IncidentEvent } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import { type TellInput, tell } from '../core/tell.ts';
import type { Store } from '../store/store.ts';
import { recentRuns } from './known.ts';

/** An issue names every member, and shows the failed runs of this many of them. */
const MEMBERS_SHOWN = 5;

/** What the texts about a change are made of. */
export interface Material {
  /** The log before the change. */
  readonly log: readonly IncidentEvent[];
  /** Newest first. */
  readonly runs: readonly Run[];
}

/** One for each change. @param run may not be recorded yet @throws what the store throws */
export async function readMaterials(
  store: Pick<Store, 'incidentEvents' | 'recentRuns'>,
  changes: readonly Change[],
  run: Run | null,
): Promise<readonly Material[]> {
  const materials: Material[] = [];
  for (const { before, incident } of changes) {
    const log = before === null ? [] : await store.incidentEvents(before.id);
    const runs: Run[] = [];
    for (const { hub } of incident.members.slice(0, MEMBERS_SHOWN)) {
      runs.push(...(await recentRuns(store, hub, run)));
    }
    materials.push({ log, runs: runs.toSorted((one, other) => (one.id < other.id ? 1 : -1)) });
  }
  return materials;
}

/** What is to be recorded and told. */
export function decisionOf(
  { changes, reasons }: FleetDecision,
  materials: readonly Material[],
  input: Omit<TellInput, keyof Material>,
): Decision {
  return {
    incidents: changes.map(({ incident }) => incident),
    events: changes.flatMap(({ added }) => added),
    effects: changes.flatMap((change, index) =>
      tell(change, { ...input, ...(materials[index] ?? { log: [], runs: [] }) }),
    ),
    reasons,
  };
}
