import { isMutedByHuman } from './board.ts';
import type { Change } from './change.ts';
import type { Criteria } from './criteria.ts';
import { TOGETHER_MS } from './grouping.ts';
import type { EventKind, Incident, IncidentEvent, Member } from './incident.ts';
import { msBetween } from './time.ts';

const NEWS_KINDS = ['merged', 'resolved', 'flapping', 'reopened', 'widened', 'regressed'] as const;

/**
 * What a change is to those who read of it: `quietly` brings the description up to date and disturbs nobody, `nothing` does
 * not even that.
 */
export type News = 'declared' | (typeof NEWS_KINDS)[number] | 'rejoined' | 'quietly' | 'nothing';

/** Events that show nowhere on the issue. */
const SILENT: readonly EventKind[] = ['issue-opened', 'issue-moved', 'issue-gone', 'closed'];

/** The weightiest thing that a change tells: one comment at most, whatever came together. */
export function newsOf(
  { before, incident, added }: Change,
  log: readonly IncidentEvent[],
  { flapping }: Pick<Criteria, 'flapping'>,
): News {
  if (before === null) return 'declared';
  const kinds = added.map(({ kind }) => kind);
  const news = NEWS_KINDS.find((kind) => kinds.includes(kind));
  // While it comes and goes that is no news.
  if (news === 'regressed' && incident.isFlapping) return 'quietly';
  if (news !== undefined) return news;
  // What a human closed is left alone, once it says so.
  if (isMutedByHuman(before)) return kinds.includes('reopened-by-human') ? 'quietly' : 'nothing';
  const back = incident.isFlapping ? [] : backAfterLong(before, added);
  if (back.some(({ hub, joinedAt }) => joinedLately(hub, log, joinedAt, flapping) < flapping.cycles)) {
    return 'rejoined';
  }
  return kinds.every((kind) => SILENT.includes(kind)) ? 'nothing' : 'quietly';
}

/**
 * Hubs that break again and had left for so long that it is another break, whatever goes on elsewhere. Where the incident itself
 * broke meanwhile, that was told, and those who follow within the hour are part of it, as at its beginning.
 */
function backAfterLong({ members, brokeAt }: Incident, added: Change['added']): readonly Member[] {
  const toldAt = brokeAt.at(-1) ?? '';
  const back = added.filter(({ kind }) => kind === 'joined').flatMap(({ data }) => data.members ?? []);
  return back.filter(({ hub, since }) => {
    const wellSince = members.find((member) => member.hub === hub)?.wellSince ?? null;
    if (wellSince === null) return false;
    return msBetween(wellSince > toldAt ? wellSince : toldAt, since) > TOGETHER_MS;
  });
}

/** How often it broke in this incident lately, by its log: what comes and goes is told a few times only. */
function joinedLately(
  hub: string,
  log: readonly IncidentEvent[],
  at: string,
  { withinMs }: Criteria['flapping'],
): number {
  return log.filter(
    (event) =>
      (event.kind === 'joined' || event.kind === 'declared') &&
      msBetween(event.at, at) <= withinMs &&
      event.data.members?.some((member) => member.hub === hub) === true,
  ).length;
}
