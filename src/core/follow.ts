import { type Change, extend } from './change.ts';
import { USERS_CANNOT } from './criterion.ts';
import { flagFlapping, isSteady } from './flapping.ts';
import type { Member } from './incident.ts';
import { isBroken, memberOf } from './members.ts';
import { listed, memberSince } from './member-words.ts';
import { msBetween, readableSpan, readableTime } from './time.ts';
import type { View } from './view.ts';

/** How a member stands: as its verdict says, or no longer watched. */
type Standing = 'broken' | 'unsure' | 'recovering' | 'well' | 'unwatched';

/** Members come and go one after the other when a whole cluster does: told together, so often at most. */
export const GATHER_MS = 60_000;

/** What must happen to a live incident so that it says what the verdicts of its members say. */
export function follow(view: View, change: Change): Change {
  switch (change.incident.state) {
    case 'declared':
    case 'acknowledged':
      return followBroken(view, change);
    case 'mitigated':
      return followWell(view, change);
    case 'resolved':
      return followResolved(view, change);
    case 'dismissed':
      return followDismissed(view, change);
    case 'closed':
    case 'merged':
      return change;
  }
}

function followBroken(view: View, before: Change): Change {
  const open = before.incident.members.filter(isBroken);
  const isWorse = before.incident.members.some(
    (member) => standing(view, member) === 'broken' && (isBroken(member) || !view.isMuted(member.hub)),
  );
  if (isWorse || open.some((member) => !isBetter(standing(view, member)))) {
    return isGathering(view, before) ? before : parted(view, rejoined(view, before, 'joined'));
  }
  return followWell(view, mitigated(view, before, open));
}

/** All are well, some not for long enough: one that fails brings it back. */
function followWell(view: View, before: Change): Change {
  const change = rejoined(view, before, 'regressed');
  const { incident } = change;
  if (incident.state !== 'mitigated' || incident.isKeptOpen) {
    return incident.state === 'mitigated' ? change : flagFlapping(change, view.input.criteria, view.at);
  }
  if (!incident.members.every((member) => isWell(standing(view, member)))) return change;
  if (!incident.isFlapping) return resolved(view, change);
  const { criteria } = view.input;
  if (!isSteady(incident, criteria, view.at)) return change;
  const because = `it has been well for ${readableSpan(criteria.flapping.steadyForMs)}`;
  return resolved(view, extend(change, { kind: 'steady', at: view.at, because, data: {} }));
}

/**
 * What was closed by a human while broken is held until all have been seen to work once, as they may well have been mended
 * before we saw it: what fails after that is news. In the end it is history.
 */
function followResolved(view: View, before: Change): Change {
  const change = parted(view, before, isBetter);
  const { resolvedAt, members } = change.incident;
  const { reopenWithinMs } = view.input.criteria;
  if (resolvedAt === null || msBetween(resolvedAt, view.at) <= reopenWithinMs) return change;
  if (members.some((member) => isBroken(member) || failsSince(view, member, resolvedAt))) return change;
  const because = `it has not come back within ${readableSpan(reopenWithinMs)}`;
  return extend(change, { kind: 'closed', at: view.at, because, data: {} });
}

/** What failed in time and is not confirmed yet may still be the same fault. */
function failsSince(view: View, { hub }: Member, resolvedAt: string): boolean {
  const verdict = view.verdictOf(hub);
  if (verdict === null || (verdict.verdict !== 'suspect' && verdict.verdict !== 'broken')) return false;
  return msBetween(resolvedAt, verdict.since) <= view.input.criteria.reopenWithinMs;
}

function followDismissed(view: View, before: Change): Change {
  const change = parted(view, before);
  if (change.incident.members.some(isBroken)) return change;
  const because = 'all of it has been well once since it was dismissed';
  return extend(change, { kind: 'closed', at: view.at, because, data: {} });
}

/** Members that were well and are broken again. */
function rejoined(view: View, change: Change, kind: 'joined' | 'regressed'): Change {
  const again = change.incident.members.flatMap((member) => {
    const verdict = view.verdictOf(member.hub);
    const isNews = !isBroken(member) && !view.isMuted(member.hub);
    return isNews && verdict?.verdict === 'broken' ? [memberOf(verdict, view.at)] : [];
  });
  const [first] = again;
  if (first === undefined) return change;
  const because =
    change.incident.members.length === 1
      ? (view.verdictOf(first.hub)?.because ?? '')
      : `users can't ${USERS_CANNOT[view.criterion]} again on ${listed(again)}`;
  return extend(change, { kind, at: view.at, because, data: { members: again, run: first.lastFailedRun } });
}

/** Members that are well, for long enough unless something else is enough, while others are not. */
function parted(view: View, change: Change, isEnough = isWell): Change {
  const parting = change.incident.members.filter(isBroken).flatMap((member) => {
    const how = standing(view, member);
    return isEnough(how) ? [{ ...member, wellSince: wellSince(view, member) }] : [];
  });
  if (parting.length === 0) return change;
  const rest = change.incident.members.filter(isBroken).length - parting.length;
  const left = rest === 0 ? '' : `; ${rest} still broken`;
  const because = `${betterBecause(view, parting)}${left}`;
  return extend(change, { kind: 'left', at: view.at, because, data: { members: parting } });
}

function mitigated(view: View, change: Change, open: readonly Member[]): Change {
  const members = open.map((member) => ({ ...member, wellSince: wellSince(view, member) }));
  const last = members.toSorted((one, other) => (one.wellSince < other.wellSince ? 1 : -1))[0];
  const verdict = last === undefined ? null : view.verdictOf(last.hub);
  const run = verdict?.runs[0];
  const startedAt = last?.wellSince ?? lastWellSince(change) ?? view.at;
  const because =
    change.incident.members.length === 1 && verdict !== null
      ? verdict.because
      : open.length === 0
        ? resolvedBecause(view, change.incident.members, startedAt)
        : betterBecause(view, open);
  return extend(change, {
    kind: 'mitigated',
    at: view.at,
    because,
    data: { members, startedAt, ...(run === undefined ? {} : { run }) },
  });
}

function lastWellSince({ incident }: Change): string | undefined {
  return incident.members
    .flatMap(({ wellSince }) => wellSince ?? [])
    .toSorted()
    .at(-1);
}

/** What became of hubs that are broken no more, as far as it is known. */
function betterBecause(view: View, members: readonly Member[]): string {
  const well = members.filter(({ hub }) => view.isWatched(hub));
  const gone = members.filter(({ hub }) => !view.isWatched(hub));
  return [
    ...(well.length === 0 ? [] : [`users can ${USERS_CANNOT[view.criterion]} again on ${listed(well)}`]),
    ...(gone.length === 0 ? [] : [areUnwatched(gone)]),
  ].join('; ');
}

function areUnwatched(members: readonly Member[]): string {
  return `${listed(members)} ${members.length === 1 ? 'is' : 'are'} no longer watched`;
}

function resolved(view: View, change: Change): Change {
  const { members, recoveredAt } = change.incident;
  const [only] = members;
  const verdict = members.length === 1 && only !== undefined ? view.verdictOf(only.hub) : null;
  const because = verdict?.because ?? resolvedBecause(view, members, recoveredAt ?? view.at);
  const run = verdict?.runs[0];
  return extend(change, {
    kind: 'resolved',
    at: view.at,
    because,
    data: run === undefined ? {} : { run },
  });
}

function resolvedBecause(view: View, members: readonly Member[], since: string): string {
  const users = `users can ${USERS_CANNOT[view.criterion]}`;
  const gone = members.filter(({ hub }) => !view.isWatched(hub));
  if (gone.length === members.length) return `${areUnwatched(gone)}: whether ${users} is not known`;
  const from = `since ${readableTime(since)}`;
  if (gone.length === 0) return `${users} on all ${members.length} hubs ${from}`;
  return `${users} on ${listed(members.filter((member) => !gone.includes(member)))} ${from}; ${areUnwatched(gone)}`;
}

export function isGathering({ at }: View, { incident }: Change): boolean {
  return incident.members.length > 1 && msBetween(incident.membersChangedAt, at) < GATHER_MS;
}

function standing(view: View, { hub }: Member): Standing {
  if (!view.isWatched(hub)) return 'unwatched';
  switch (view.verdictOf(hub)?.verdict) {
    case 'broken':
      return 'broken';
    case 'recovering':
      return 'recovering';
    case 'healthy':
      return 'well';
    default:
      return 'unsure';
  }
}

function isBetter(how: Standing): boolean {
  return how === 'recovering' || isWell(how);
}

/** What is no longer watched is nobody's concern here. */
function isWell(how: Standing): boolean {
  return how === 'well' || how === 'unwatched';
}

function wellSince(view: View, { hub }: Member): string {
  return memberSince(view.verdictOf(hub)) ?? view.at;
}
