import type { Board } from './board.ts';
import { isMutedByHuman } from './board.ts';
import type { Hub } from './hub.ts';
import { FLEET, type Scope, isWider } from './scope.ts';
import { type Failing, type View, isBrokenVerdict, waitedForFrom } from './view.ts';

/** Faults belong together when no more than this lies between one hub's first failure and the next one's. */
export const TOGETHER_MS = 3_600_000;

/** Hubs that fail together, enough of them to be one fault. */
export interface Group {
  readonly scope: Scope;
  /** First failure first. */
  readonly failing: readonly [Failing, ...Failing[]];
  /** How many of the group's hubs have told anything since the first failure. */
  readonly known: number;
  /** Until then others are waited for; milliseconds since the epoch. */
  readonly readyAt: number;
}

/** The hubs on which the criterion fails and of which that is news: not under maintenance, not muted by a human. */
export function failingHubs(view: View, board: Board): readonly Failing[] {
  return countedHubs(view, board).flatMap((hub) => {
    const verdict = view.verdictOf(hub.name);
    const fails = verdict?.verdict === 'suspect' || verdict?.verdict === 'broken';
    return fails && verdict !== null ? [{ hub, verdict }] : [];
  });
}

/** The hubs whose word counts for or against a group. */
function countedHubs(view: View, board: Board): readonly Hub[] {
  return view.hubs.filter(({ name }) => {
    const covering = board.covering(name)?.incident;
    return !view.isMuted(name) && (covering === undefined || !isMutedByHuman(covering));
  });
}

/** The groups that are one fault now, the widest first; no hub fails in two of them. */
export function groupsOf(view: View, board: Board): readonly Group[] {
  return foundOnce(view, board).sure;
}

/** Those that there are if all that is suspect turns out to be broken. */
export function possibleGroups(view: View, board: Board): readonly Group[] {
  return foundOnce(view, board).possible;
}

interface Found {
  readonly version: number;
  readonly sure: readonly Group[];
  readonly possible: readonly Group[];
}

/** They are asked for with every hub that fails; a board belongs to one view. */
const found = new WeakMap<Board, Found>();

function foundOnce(view: View, board: Board): Found {
  const before = found.get(board);
  if (before?.version === board.version) return before;
  const now = {
    version: board.version,
    sure: groupsBy(isBrokenVerdict, view, board),
    possible: groupsBy(() => true, view, board),
  };
  found.set(board, now);
  return now;
}

/** Which failing hubs are enough for a group. What is suspect may be a blip: it says how far a fault may reach, not that there is one. */
type Counts = (failing: Failing) => boolean;

function groupsBy(counts: Counts, view: View, board: Board): readonly Group[] {
  const failing = failingHubs(view, board);
  const isEnough = (group: Group) => group.failing.filter(counts).length >= view.input.criteria.group.hubs;
  const providers = holding(view, board, failing, providerOf).filter(isEnough);
  const rest = without(failing, providers);
  const clusters = holding(view, board, rest, ({ hub }) => scopeOf('cluster', hub.cluster)).filter(isEnough);
  const fleet = fleetOf(view, board, rest, clusters);
  return fleet === null || !isEnough(fleet) ? [...providers, ...clusters] : [fleet, ...providers];
}

/** Whether others could break with this hub, so that waiting for them makes sense. */
export function couldBelongToGroup(view: View, failing: Failing): boolean {
  const scopes = [providerOf(failing), scopeOf('cluster', failing.hub.cluster)];
  return scopes.some(
    (scope) =>
      scope !== null &&
      view.hubs.filter((hub) => ownScope(scope, hub)).length >= Math.max(2, view.input.criteria.group.hubs),
  );
}

/** Only a login that failed because of the provider is the provider's. */
function providerOf({ hub, verdict }: Failing): Scope | null {
  return verdict.criterion === 'login' && verdict.failure?.attribution === 'identity-provider'
    ? scopeOf('identity-provider', hub.identityProvider)
    : null;
}

function scopeOf(kind: Scope['kind'], id: string | null): Scope | null {
  return id === null ? null : { kind, id };
}

function ownScope({ kind, id }: Scope, hub: Hub): boolean {
  return kind === 'cluster' ? hub.cluster === id : hub.identityProvider === id;
}

function holding(
  view: View,
  board: Board,
  failing: readonly Failing[],
  scopeOfFailing: (failing: Failing) => Scope | null,
): readonly Group[] {
  const byId = Map.groupBy(failing, (each) => scopeOfFailing(each)?.id ?? null);
  return [...byId].flatMap(([id, own]) => {
    const [first] = own;
    const scope = first === undefined ? null : scopeOfFailing(first);
    if (id === null || scope === null) return [];
    const group = groupIn(view, board, scope, own);
    return group !== null && group.failing.length >= view.input.criteria.group.share * group.known
      ? [group]
      : [];
  });
}

/** All that fails together lately, in a scope; null when nothing does. */
function groupIn(view: View, board: Board, scope: Scope, candidates: readonly Failing[]): Group | null {
  const [first, ...others] = together(candidates.filter((each) => !isUnderWider(board, scope, each)));
  if (first === undefined) return null;
  const failing = [first, ...others] as const;
  return {
    scope,
    failing,
    known: knownIn(view, board, scope, failing),
    readyAt: Math.min(...failing.map((each) => waitedForFrom(view, each))) + view.input.criteria.group.waitMs,
  };
}

/** What a wider incident looks after is not news to its parts. */
function isUnderWider(board: Board, scope: Scope, { hub }: Failing): boolean {
  const covering = board.covering(hub.name)?.incident;
  return covering !== undefined && isWider(covering.scope, scope);
}

/** The latest failures and those before them that are near enough, the first one first. */
function together(candidates: readonly Failing[]): readonly Failing[] {
  const latestFirst = candidates.toSorted((one, other) => since(other) - since(one));
  const end = latestFirst.findIndex((each, index) => {
    const later = latestFirst[index - 1];
    return later !== undefined && since(later) - since(each) > TOGETHER_MS;
  });
  return latestFirst.slice(0, end === -1 ? latestFirst.length : end).toReversed();
}

/** Who has told nothing since the first failure may be broken or well: it counts for neither. */
function knownIn(view: View, board: Board, scope: Scope, failing: readonly Failing[]): number {
  const from = Math.min(...failing.map(since));
  const told = countedHubs(view, board).filter(
    (hub) =>
      (scope.kind === 'fleet' ? isOrdinary({ hub }) : ownScope(scope, hub)) &&
      Date.parse(view.verdictOf(hub.name)?.toldAt ?? '') >= from,
  );
  return new Set([...told.map(({ name }) => name), ...failing.map(({ hub }) => hub.name)]).size;
}

/** Several clusters, and as large a share of them; or nearly all hubs there are. */
function fleetOf(
  view: View,
  board: Board,
  failing: readonly Failing[],
  clusters: readonly Group[],
): Group | null {
  const whole = groupIn(view, board, FLEET, failing.filter(isOrdinary));
  if (whole === null) return null;
  const ids = new Set(view.hubs.flatMap(({ cluster }) => cluster ?? []));
  const several = clusters.length >= 2 && clusters.length >= view.input.criteria.group.share * ids.size;
  const oneCluster = new Set(whole.failing.map(({ hub }) => hub.cluster)).size === 1 && clusters.length === 1;
  return several || (isNearlyAll(whole) && !oneCluster) ? whole : null;
}

const NEARLY_ALL = 0.8;
const ENOUGH_TO_SUSPECT = 3;

/** So many hubs do not break by themselves at once: either something that they share does, or we do. */
export function isNearlyAll({ failing, known }: Pick<Group, 'failing' | 'known'>): boolean {
  return failing.length >= ENOUGH_TO_SUSPECT && failing.length >= NEARLY_ALL * known;
}

/** Everything that fails lately, wherever; null when nothing does. */
export function everywhere(view: View, board: Board): Group | null {
  return groupIn(view, board, FLEET, failingHubs(view, board).filter(isOrdinary));
}

/** A canary hub is what the others are compared with. */
function isOrdinary({ hub }: Pick<Failing, 'hub'>): boolean {
  return !hub.canary;
}

function without(failing: readonly Failing[], groups: readonly Group[]): readonly Failing[] {
  const taken = new Set(groups.flatMap((group) => group.failing.map(({ hub }) => hub.name)));
  return failing.filter(({ hub }) => !taken.has(hub.name));
}

function since({ verdict }: Failing): number {
  return Date.parse(verdict.since);
}
