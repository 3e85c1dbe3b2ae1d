import { isMutedByHuman } from './board.ts';
import type { Change } from './change.ts';
import { TOGETHER_MS } from './grouping.ts';
import type { EventKind, Incident } from './incident.ts';
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
export function newsOf({ before, incident, added }: Change): News {
  if (before === null) return 'declared';
  const kinds = added.map(({ kind }) => kind);
  const news = NEWS_KINDS.find((kind) => kinds.includes(kind));
  // While it comes and goes that is no news.
  if (news === 'regressed' && incident.isFlapping) return 'quietly';
  if (news !== undefined) return news;
  // What a human closed is left alone, once it says so.
  if (isMutedByHuman(before)) return kinds.includes('reopened-by-human') ? 'quietly' : 'nothing';
  if (!incident.isFlapping && isBackAfterLong(before, added)) return 'rejoined';
  return kinds.every((kind) => SILENT.includes(kind)) ? 'nothing' : 'quietly';
}

/** Whether a hub breaks again that had left for so long that it is another break, whatever goes on elsewhere. */
function isBackAfterLong({ members }: Incident, added: Change['added']): boolean {
  const back = added.filter(({ kind }) => kind === 'joined').flatMap(({ data }) => data.members ?? []);
  return back.some(({ hub, since }) => {
    const wellSince = members.find((member) => member.hub === hub)?.wellSince ?? null;
    return wellSince !== null && msBetween(wellSince, since) > TOGETHER_MS;
  });
}
