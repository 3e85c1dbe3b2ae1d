import { type Board, isMutedByHuman } from './board.ts';
import { type Change, begin, extend } from './change.ts';
import { USERS_CANNOT } from './criterion.ts';
import { flagFlapping } from './flapping.ts';
import { TOGETHER_MS, type Group } from './grouping.ts';
import type { Hub } from './hub.ts';
import { type Incident, type Member, type Severity, isActive, isHeld } from './incident.ts';
import { joined, memberOf } from './members.ts';
import { listed } from './member-words.ts';
import { type Scope, contains, isSameScope, isWider, scopeName } from './scope.ts';
import { severityOf } from './severity.ts';
import { msBetween, readableTime } from './time.ts';
import { type Failing, type View, isBrokenVerdict } from './view.ts';

/** One hub by itself: its incident of lately opens again, or there is a new one. */
export function declareAlone(view: View, board: Board, failing: Failing): void {
  const scope: Scope = { kind: 'hub', id: failing.hub.name };
  const members = [memberOf(failing.verdict, view.at)];
  const severity = severityOf(failing.hub);
  const because = failing.verdict.because;
  const earlier = reopenable(view, board, scope, failing.verdict.since);
  board.put(
    earlier === undefined
      ? declared(view, { scope, members, severity, because })
      : reopened(view, earlier, { members, severity, because }),
  );
}

/**
 * A group: the incident of lately opens again, or the oldest one of its hubs is widened, or there is a new one. The
 * other incidents of its hubs are merged into it.
 */
export function declareGroup(view: View, board: Board, group: Group, aside: string | null): void {
  const broken = group.failing.filter(isBrokenVerdict);
  const members = broken.map(({ verdict }) => memberOf(verdict, view.at));
  const severity = highest(broken.map(({ hub }) => severityOf(hub)));
  const because = [groupBecause(view, group), ...(aside === null ? [] : [aside])].join('; ');
  const narrower = board.all().filter((change) => isAbsorbable(view, change.incident, group));
  // Where the issue was deleted nothing can be told any more.
  const oldest = narrower.find(({ incident }) => !incident.issueIsGone);
  const earlier = reopenable(view, board, group.scope, group.failing[0].verdict.since);
  const head =
    earlier !== undefined
      ? reopened(view, earlier, { members, severity, because })
      : oldest !== undefined
        ? widened(view, oldest, { scope: group.scope, members, severity, because })
        : declared(view, { scope: group.scope, members, severity, because });
  const others = narrower.filter(({ incident }) => incident.id !== head.incident.id);
  board.put(others.reduce((change, other) => absorbed(view, change, other), head));
  for (const other of others) board.put(merged(view, other, head.incident));
}

/** Hubs that break while an incident they belong to is looked after. What a human muted takes them in silently. */
export function join(view: View, change: Change, failing: readonly Failing[]): Change {
  const members = failing.map(({ verdict }) => memberOf(verdict, view.at));
  const severity = highest([change.incident.severity, ...failing.map(({ hub }) => severityOf(hub))]);
  const run = members.at(-1)?.lastFailedRun;
  const data = { members, severity, ...(run === undefined ? {} : { run }) };
  const because = `users can't ${USERS_CANNOT[view.criterion]} on ${listed(members)} either`;
  const after = extend(change, { kind: 'joined', at: view.at, because, data });
  if (after.incident.state !== 'mitigated') return after;
  const again = extend(after, { kind: 'regressed', at: view.at, because, data: { members } });
  return flagFlapping(again, view.input.criteria, view.at);
}

/** Whether a hub that breaks belongs to an incident by its scope. */
function belongs(scope: Scope, { hub, verdict }: Failing): boolean {
  if (scope.kind === 'hub' || !contains(scope, hub)) return false;
  return scope.kind !== 'identity-provider' || verdict.failure?.attribution === 'identity-provider';
}

/**
 * Whether an incident takes in a hub that breaks: one that broke together with its members. A hub that breaks later is news,
 * of which nobody would be told by an incident that is open already, has been muted, or has lost its issue.
 */
export function takesIn(incident: Incident, failing: Failing): boolean {
  if (!belongs(incident.scope, failing)) return false;
  const isOpen = isActive(incident) && !incident.issueIsGone;
  return (isOpen || isMutedByHuman(incident)) && brokeWith(incident, failing);
}

function brokeWith({ members }: Incident, { verdict }: Failing): boolean {
  return members.some(({ since }) => Math.abs(msBetween(since, verdict.since)) <= TOGETHER_MS);
}

interface Wanted {
  readonly members: readonly Member[];
  readonly severity: Severity;
  readonly because: string;
}

function declared(view: View, wanted: Wanted & { readonly scope: Scope }): Change {
  const { scope, members, severity, because } = wanted;
  const first = members.toSorted((one, other) => (one.since < other.since ? -1 : 1))[0];
  if (first === undefined) throw new Error(`bug: an incident of ${scopeName(scope)} without members`);
  const before = view.input.past.findLast(
    (past) => past.criterion === view.criterion && isSameScope(past.scope, scope),
  );
  const change = begin({
    incident: view.input.newId(),
    revision: 1,
    at: view.at,
    kind: 'declared',
    because,
    data: {
      run: first.firstRun,
      lastFailedRun: first.lastFailedRun,
      scope,
      criterion: view.criterion,
      severity,
      startedAt: first.since,
      members,
      ...(before === undefined ? {} : { other: before.id }),
    },
  });
  return change;
}

function reopened(view: View, change: Change, { members, severity, because }: Wanted): Change {
  const run = members.at(-1)?.lastFailedRun;
  const again = extend(change, {
    kind: 'reopened',
    at: view.at,
    because,
    data: {
      members,
      severity: highest([change.incident.severity, severity]),
      ...(run === undefined ? {} : { run }),
    },
  });
  return flagFlapping(again, view.input.criteria, view.at);
}

function widened(view: View, change: Change, wanted: Wanted & { readonly scope: Scope }): Change {
  const { scope, members, because } = wanted;
  const fresh = members.filter(({ hub }) =>
    change.incident.members.every((member) => member.hub !== hub || member.wellSince !== null),
  );
  const severity = highest([change.incident.severity, wanted.severity]);
  const after = extend(change, {
    kind: 'widened',
    at: view.at,
    because,
    data: { scope, severity, members: fresh },
  });
  if (after.incident.state !== 'mitigated') return after;
  return flagFlapping(
    extend(after, { kind: 'regressed', at: view.at, because, data: {} }),
    view.input.criteria,
    view.at,
  );
}

function absorbed(view: View, change: Change, { incident }: Change): Change {
  const { members } = change.incident;
  // What the absorbing incident says of a hub is as new; it lacks only those that are well by now.
  const lacking = incident.members.filter(({ hub }) => members.every((member) => member.hub !== hub));
  const data = { other: incident.id, members: joined([], lacking), severity: incident.severity };
  const because = `the incident of ${named(incident)} is part of it`;
  return extend(change, {
    kind: 'absorbed',
    at: view.at,
    because,
    data: { ...data, severity: highest([change.incident.severity, incident.severity]) },
  });
}

function merged(view: View, change: Change, into: Incident): Change {
  const because = `it is part of the incident of ${named(into)}`;
  return extend(change, { kind: 'merged', at: view.at, because, data: { other: into.id } });
}

function named({ scope, issue }: Incident): string {
  return issue === null ? scopeName(scope) : `${scopeName(scope)} (#${issue.number})`;
}

/**
 * What was resolved lately, for the same scope: a fault that comes back in time belongs to it. Not when its issue was
 * deleted: nobody would be told there.
 */
function reopenable(view: View, board: Board, scope: Scope, since: string): Change | undefined {
  return board
    .all()
    .findLast(
      ({ incident }) =>
        incident.state === 'resolved' &&
        !isHeld(incident) &&
        !incident.issueIsGone &&
        isSameScope(incident.scope, scope) &&
        msBetween(incident.resolvedAt ?? view.at, since) <= view.input.criteria.reopenWithinMs,
    );
}

/** An incident of some of the group's hubs that broke with them: not one that was there long before. */
function isAbsorbable(view: View, incident: Incident, { scope, failing }: Group): boolean {
  const brokeAt = incident.brokeAt.at(-1) ?? incident.declaredAt;
  return (
    isActive(incident) &&
    isWider(scope, incident.scope) &&
    msBetween(failing[0].verdict.since, brokeAt) >= -TOGETHER_MS &&
    incident.members.every(({ hub }) => liesIn(view, scope, hub))
  );
}

function liesIn(view: View, scope: Scope, name: string): boolean {
  const hub: Hub | undefined = view.hubs.find((each) => each.name === name);
  return hub !== undefined && contains(scope, hub);
}

function groupBecause({ criterion }: View, { scope, failing, known }: Group): string {
  const broken = failing.filter(isBrokenVerdict);
  const first = broken[0] ?? failing[0];
  const hubs = broken.map(({ hub }) => ({ hub: hub.name }));
  const reason = first.verdict.failure === null ? '' : ` (${first.verdict.failure.reason})`;
  const suspects = failing.length - broken.length;
  const more = suspects === 0 ? '' : `; ${suspects} more may be`;
  return `${scopeName(scope)}: users can't ${USERS_CANNOT[criterion]} on ${broken.length} of the ${known} hubs that were looked at since ${readableTime(first.verdict.since)}${reason}: ${listed(hubs)}${more}`;
}

function highest(severities: readonly Severity[]): Severity {
  return severities.includes('high') ? 'high' : 'low';
}
