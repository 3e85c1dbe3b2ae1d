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
  for (const change of changes) {
    const { before } = change;
    const log = before === null ? [] : await store.incidentEvents(before.id);
    const runs: Run[] = [];
    for (const hub of shownOf(change)) runs.push(...(await recentRuns(store, hub, run)));
    materials.push({ log, runs: runs.toSorted((one, other) => (one.id < other.id ? 1 : -1)) });
  }
  return materials;
}

/** The hubs with which it began, and those that the change is about. */
function shownOf({ incident, added }: Change): readonly string[] {
  const about = added.flatMap(({ data }) => data.members ?? []);
  const hubs = [
    ...incident.members.slice(0, MEMBERS_SHOWN),
    ...about.slice(0, MEMBERS_SHOWN),
    ...about.slice(-1),
  ].map(({ hub }) => hub);
  return [...new Set(hubs)];
}

/**
 * What is to be recorded and told. A change that cannot be put into words is left out, not recorded without being told:
 * the next look decides it again. @param onMistake hears of it
 */
export function decisionOf(
  { changes, reasons }: Pick<FleetDecision, 'changes' | 'reasons'>,
  materials: readonly Material[],
  input: Omit<TellInput, keyof Material>,
  onMistake: (error: unknown) => void,
): Decision {
  const expressed = changes.flatMap((change, index) => {
    try {
      const material = materials[index] ?? { log: [], runs: [] };
      return [{ change, effects: tell(change, { ...input, ...material }) }];
    } catch (error) {
      onMistake(error);
      return [];
    }
  });
  return {
    incidents: expressed.map(({ change }) => change.incident),
    events: expressed.flatMap(({ change }) => change.added),
    effects: expressed.flatMap(({ effects }) => effects),
    reasons,
  };
}
