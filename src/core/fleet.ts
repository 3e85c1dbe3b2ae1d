import { Board } from './board.ts';
import type { Change } from './change.ts';
import type { Criteria } from './criteria.ts';
import { CRITERIA, type Criterion } from './criterion.ts';
import { declareAlone, declareGroup, join, takesIn } from './declare.ts';
import { turns, told } from './fleet-log.ts';
import { GATHER_MS, follow, isGathering } from './follow.ts';
import { type Group, couldBelongToGroup, failingHubs, groupsOf, possibleGroups } from './grouping.ts';
import type { Hub } from './hub.ts';
import { type Incident, isActive } from './incident.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { isWider } from './scope.ts';
import { type Suspicion, suspicionOf } from './suspicion.ts';
import type { Verdict } from './verdict.ts';
import { type Failing, type View, isBrokenVerdict, viewOf, waitedForFrom } from './view.ts';

/** All that is known of all hubs at one moment. */
export interface FleetInput {
  readonly hubs: readonly Hub[];
  /** As they were stored last. */
  readonly verdictsBefore: readonly Verdict[];
  /** As they are now, of all hubs. */
  readonly verdicts: readonly Verdict[];
  /** Oldest first; see LIVE_STATES. */
  readonly live: readonly Incident[];
  /** The latest closed incident of each scope and criterion. */
  readonly past: readonly Incident[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Whether the world outside can be reached from here; null when that was not tried or there is nothing to try with. */
  readonly reachable: boolean | null;
  readonly now: Date;
  /** Gives ULIDs in ascending order. */
  readonly newId: () => string;
}

/** What has to change; `tell` makes of it what is told. */
export interface FleetDecision {
  readonly changes: readonly Change[];
  /** Sentences for the log. */
  readonly reasons: readonly string[];
  /** Nearly all hubs fail at once, of some criterion: whether we should suspect ourselves. */
  readonly suspicions: readonly Suspicion[];
  /** When to look again at the latest, ISO 8601 UTC, because something waits; null when nothing does. */
  readonly lookAgainAt: string | null;
  /** Mistakes of ours, each of which cost one incident's turn and nothing else. */
  readonly mistakes: readonly unknown[];
}

/**
 * Compares what is (verdicts) with what has been declared (live incidents) and closes the gap. It looks at verdicts and
 * not at their changes, so nothing is lost by a crash in between or by a maintenance window that ends meanwhile.
 * A broken criterion on a hub is looked after by exactly one incident, or there is a reason why it is not.
 */
export function decideFleet(input: FleetInput): FleetDecision {
  const decided = CRITERIA.map((criterion) => decideCriterion(input, criterion));
  const changes = decided.flatMap(({ board }) => board.changed());
  const waits = decided.flatMap(({ waits }) => waits).filter((until) => until > input.now.getTime());
  return {
    changes,
    reasons: [
      ...turns(input),
      ...changes.flatMap(({ incident, added }) => added.map((event) => told(incident, event))),
    ],
    suspicions: decided.flatMap(({ suspicion }) => suspicion ?? []),
    lookAgainAt: waits.length === 0 ? null : new Date(Math.min(...waits)).toISOString(),
    mistakes: decided.flatMap(({ mistakes }) => mistakes),
  };
}

interface Decided {
  readonly board: Board;
  readonly suspicion: Suspicion | null;
  /** Moments at which to look again; milliseconds since the epoch. */
  readonly waits: number[];
  readonly mistakes: unknown[];
}

function decideCriterion(input: FleetInput, criterion: Criterion): Decided {
  const view = viewOf(input, criterion);
  const board = new Board(input.live, criterion);
  const decided: Decided = { board, suspicion: suspicionOf(view, board), waits: [], mistakes: [] };
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      decided.mistakes.push(error);
    }
  };
  for (const change of board.all()) attempt(() => board.put(follow(view, change)));
  const { suspicion } = decided;
  if (suspicion?.whose === 'waiting') decided.waits.push(suspicion.until);
  if (suspicion?.whose === 'ours' || suspicion?.whose === 'waiting') return decided;
  for (const change of board.all()) attempt(() => joinByScope(view, change, decided));
  for (const group of groupsOf(view, board)) attempt(() => takeGroup(view, group, decided));
  for (const failing of uncovered(view, board)) attempt(() => takeAlone(view, failing, decided));
  return decided;
}

/** Broken, not under maintenance, and looked after by no incident. */
function uncovered(view: View, board: Board): readonly Failing[] {
  return failingHubs(view, board).filter(
    (failing) => isBrokenVerdict(failing) && board.covering(failing.hub.name) === undefined,
  );
}

/** A hub that breaks while an incident of its cluster (or wider) is looked after belongs to that, the widest of them. */
function joinByScope(view: View, change: Change, { board, waits }: Decided): void {
  const { incident } = change;
  const joining = uncovered(view, board).filter(
    (failing) => takesIn(incident, failing) && !hasWider(board, incident, failing),
  );
  if (joining.length === 0) return;
  if (isActive(incident) && isGathering(view, change)) {
    waits.push(Date.parse(incident.membersChangedAt) + GATHER_MS);
    return;
  }
  board.put(join(view, change, joining));
}

function hasWider(board: Board, { scope }: Incident, failing: Failing): boolean {
  return board.all().some(({ incident }) => isWider(incident.scope, scope) && takesIn(incident, failing));
}

function takeGroup(view: View, group: Group, { board, suspicion, waits }: Decided): void {
  if (board.looksAfter(group.scope)) return;
  if (view.input.now.getTime() < group.readyAt) waits.push(group.readyAt);
  else declareGroup(view, board, group, group.scope.kind === 'fleet' ? (suspicion?.because ?? null) : null);
}

function takeAlone(view: View, failing: Failing, { board, waits }: Decided): void {
  const { hub } = failing;
  if (board.covering(hub.name) !== undefined || isWaitedFor(view, board, failing)) return;
  const waitMs = waitForOthers(view, board, failing);
  const readyAt = waitedForFrom(view, failing) + waitMs;
  if (waitMs > 0 && view.input.now.getTime() < readyAt) waits.push(readyAt);
  else declareAlone(view, board, failing);
}

/** Those that fail by the end of the wait are given as long to be confirmed. Milliseconds. */
function waitForOthers(view: View, board: Board, failing: Failing): number {
  const { waitMs } = view.input.criteria.group;
  if (isIn(possibleGroups(view, board), board, failing)) return 2 * waitMs;
  return couldBelongToGroup(view, failing) ? waitMs : 0;
}

/** An incident or a group that will take it: that of its cluster gathers those that join. */
function isWaitedFor(view: View, board: Board, failing: Failing): boolean {
  return (
    board.find((incident) => isActive(incident) && takesIn(incident, failing)) !== undefined ||
    isIn(groupsOf(view, board), board, failing)
  );
}

/** Whether it is in one of these groups, of which there is no incident yet. */
function isIn(groups: readonly Group[], board: Board, failing: Failing): boolean {
  return groups.some(
    (group) =>
      !board.looksAfter(group.scope) && group.failing.some(({ hub }) => hub.name === failing.hub.name),
  );
}
