import type { Board } from './board.ts';
import { everywhere, isNearlyAll } from './grouping.ts';
import type { Group } from './grouping.ts';
import type { View } from './view.ts';

/** Nearly all hubs fail at once: is it them, or is it us? */
export interface Suspicion {
  readonly failing: number;
  readonly known: number;
  /**
   * ours: nothing is declared, we raise our own alarm · theirs: we can reach the world · unchecked: there is nothing to check
   * with · waiting: a canary hub has been asked and has not answered yet.
   */
  readonly whose: 'ours' | 'theirs' | 'unchecked' | 'waiting';
  readonly because: string;
  /** Canary hubs that have told nothing since it began and are still waited for: a run of theirs would help. */
  readonly ask: readonly string[];
  /** So long their answer is waited for; milliseconds since the epoch. */
  readonly until: number;
}

/** Null while there is no reason to suspect ourselves. */
export function suspicionOf(view: View, board: Board): Suspicion | null {
  const group = everywhere(view, board);
  if (group === null || !isNearlyAll(group)) return null;
  const { reachable, criteria, now } = view.input;
  const canaries = view.hubs.filter(({ canary }) => canary).map(({ name }) => name);
  const said = canaries.map((name) => ({ name, says: wordOf(view, group, name) }));
  const ask = said.filter(({ says }) => says === null).map(({ name }) => name);
  const shared = {
    failing: group.failing.length,
    known: group.known,
    ask: [],
    until: group.readyAt + criteria.group.waitMs,
  };
  const many = `${group.failing.length} of ${group.known} hubs fail at once`;
  const well = said.find(({ says }) => says === 'well');
  const ill = said.find(({ says }) => says === 'failing');
  if (reachable === false) {
    return {
      ...shared,
      whose: 'ours',
      because: `${many}, and nothing outside can be reached from here: the fault is ours`,
    };
  }
  if (well !== undefined) {
    return {
      ...shared,
      whose: 'theirs',
      because: `${many}, and the canary hub ${well.name} is well: the fault is not ours`,
    };
  }
  if (ill !== undefined) {
    return {
      ...shared,
      whose: 'ours',
      because: `${many}, the canary hub ${ill.name} among them: the fault seems to be ours`,
    };
  }
  if (ask.length > 0 && now.getTime() < shared.until) {
    return {
      ...shared,
      ask,
      whose: 'waiting',
      because: `${many}: the canary hub ${ask.join(', ')} is asked first`,
    };
  }
  return reachable === true
    ? {
        ...shared,
        whose: 'theirs',
        because: `${many}, and the world outside can be reached from here: the fault is not ours`,
      }
    : {
        ...shared,
        whose: 'unchecked',
        because: `${many}; there is nothing to check with whether the fault is our own (service.reachability, a hub with canary: true)`,
      };
}

/** What a canary hub has said since it began; null while it has said nothing. */
function wordOf(view: View, { failing: [first] }: Group, hub: string): 'well' | 'failing' | null {
  const verdict = view.verdictOf(hub);
  if (verdict === null || (verdict.toldAt ?? '') < first.verdict.since) return null;
  switch (verdict.verdict) {
    case 'healthy':
    case 'recovering':
      return 'well';
    case 'suspect':
    case 'broken':
      return 'failing';
    default:
      return null;
  }
}
