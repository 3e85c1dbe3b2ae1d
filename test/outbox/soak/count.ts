import type { Effect } from '../../../src/core/effect.ts';
import { beginsWith, effectMarker, incidentMarker, readBlocks } from '../../../src/core/markers.ts';
import type { Store } from '../../../src/store/store.ts';
import type { StandInIssue } from '../../testbed/github/state.ts';
import type { Received } from '../../testbed/webhook/receiver.ts';
import type { Scripted } from './script.ts';

/** What came of it all, counted by looking at GitHub and the receiver; every number but `declared` has to be 0. */
export interface Count {
  readonly declared: number;
  /** Incidents without an issue. */
  readonly missed: number;
  /** Issues of an incident beyond the first that were not closed as duplicates. */
  readonly lastingDuplicates: number;
  /** Incidents whose issue is not the one that the store knows. */
  readonly misremembered: number;
  readonly lostComments: number;
  readonly doubledComments: number;
  /** Incidents whose comments are not in the order in which they were decided. */
  readonly outOfOrder: number;
  /** Incidents whose issue does not show the last state of things. */
  readonly untrue: number;
  readonly lostAnnouncements: number;
  /** Incidents whose announcements came in another order. */
  readonly announcedOutOfOrder: number;
}

export async function countAll(
  store: Pick<Store, 'incident'>,
  scripts: readonly Scripted[],
  issues: readonly StandInIssue[],
  received: readonly Received[],
): Promise<Count> {
  const issuesOf = byFirstLine(issues);
  const arrivals = new Map(received.map(({ headers }, index) => [String(headers['webhook-id']), index]));
  const count = {
    declared: scripts.length,
    missed: 0,
    lastingDuplicates: 0,
    misremembered: 0,
    lostComments: 0,
    doubledComments: 0,
    outOfOrder: 0,
    untrue: 0,
    lostAnnouncements: 0,
    announcedOutOfOrder: 0,
  };
  for (const { id, effects } of scripts) {
    const lasting = (issuesOf.get(incidentMarker(id)) ?? []).filter((issue) => !isTakenBack(issue));
    const [issue] = lasting;
    if (issue === undefined) {
      count.missed += 1;
      continue;
    }
    count.lastingDuplicates += lasting.length - 1;
    if ((await store.incident(id))?.issue?.number !== issue.number) count.misremembered += 1;
    const comments = commentsOf(issue, effects);
    count.lostComments += comments.lost;
    count.doubledComments += comments.doubled;
    if (comments.isOutOfOrder) count.outOfOrder += 1;
    if (!isTrue(issue, effects)) count.untrue += 1;
    const announced = effects
      .filter(({ kind }) => kind === 'announce')
      .map((effect) => arrivals.get(effect.id));
    count.lostAnnouncements += announced.filter((at) => at === undefined).length;
    if (!isAscending(announced.filter((at) => at !== undefined))) count.announcedOutOfOrder += 1;
  }
  return count;
}

export function isClean(count: Count): boolean {
  return Object.entries(count).every(([what, number]) => what === 'declared' || number === 0);
}

function byFirstLine(issues: readonly StandInIssue[]): ReadonlyMap<string, readonly StandInIssue[]> {
  return Map.groupBy(issues, ({ body }) => body.split('\n', 1)[0] ?? '');
}

function isTakenBack({ state, state_reason }: StandInIssue): boolean {
  return state === 'closed' && state_reason === 'duplicate';
}

function commentsOf({ comments }: StandInIssue, effects: readonly Effect[]) {
  const wanted = effects.filter(({ kind }) => kind === 'comment').map(({ id }) => effectMarker(id));
  const places = wanted.map((marker) =>
    comments.flatMap(({ body }, index) => (beginsWith(body, marker) ? [index] : [])),
  );
  return {
    lost: places.filter((found) => found.length === 0).length,
    doubled: places.filter((found) => found.length > 1).length,
    isOutOfOrder: !isAscending(places.flatMap((found) => found.slice(0, 1))),
  };
}

/** Closed, with the blocks of the last telling. */
function isTrue({ state, body }: StandInIssue, effects: readonly Effect[]): boolean {
  const last = effects.findLast((effect) => effect.kind === 'close-issue');
  return last !== undefined && state === 'closed' && readBlocks(body)['status'] === last.blocks['status'];
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || (numbers[index - 1] ?? -1) < number);
}
