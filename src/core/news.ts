import type { Change } from './change.ts';
import type { EventKind } from './incident.ts';
import { isMutedByHuman } from './board.ts';

const NEWS_KINDS = ['merged', 'resolved', 'flapping', 'reopened', 'widened', 'regressed'] as const;

/**
 * What a change is to those who read of it: `quietly` brings the description up to date and disturbs nobody, `nothing` does
 * not even that.
 */
export type News = 'declared' | (typeof NEWS_KINDS)[number] | 'quietly' | 'nothing';

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
  return kinds.every((kind) => SILENT.includes(kind)) ? 'nothing' : 'quietly';
}
