import { beginsWith, effectMarker, incidentMarker } from '../../core/markers.ts';
import { Comment, Issue } from './answers.ts';
import type { IssuePlace } from './issue-place.ts';
import { eachPage } from './pages.ts';
import type { Talk } from './talk.ts';

/** The other side's clock may be behind ours. */
const SLACK_MS = 5 * 60_000;

/**
 * The issue that carries the incident's marker among those created since `since`; of several the first one. No filter by
 * label: labels can be dropped or taken off.
 */
export async function findIssue(
  talk: Talk,
  { incident, since }: { readonly incident: string; readonly since: Date },
): Promise<Issue | null> {
  const marker = incidentMarker(incident);
  const issues = await issuesSince(talk, since);
  const [first] = issues.filter(({ body }) => beginsWith(body, marker)).toSorted(byNumber);
  return first ?? null;
}

/** Lists, because a search does not see a new issue for seconds; follows pages until older ones come. */
export async function issuesSince({ client, home, signal }: Talk, since: Date): Promise<readonly Issue[]> {
  const oldest = since.getTime() - SLACK_MS;
  const newestFirst = { state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  const pages = eachPage(Issue, (page) =>
    client.rest.issues.listForRepo({ ...home, ...newestFirst, page, request: { signal } }),
  );
  const found: Issue[] = [];
  for await (const issues of pages) {
    found.push(...issues.filter(({ pull_request }) => pull_request === undefined));
    if (issues.some(({ created_at }) => Date.parse(created_at) < oldest)) break;
  }
  return found;
}

export function byNumber(one: Issue, other: Issue): number {
  return one.number - other.number;
}

/** Whether the comment of an effect is on the issue already. */
export async function hasComment(
  talk: Talk,
  place: IssuePlace,
  { effect, since }: { readonly effect: string; readonly since: Date },
): Promise<boolean> {
  return (await commentsOf(talk, place, { effect, since })).length > 0;
}

/** All that carry the effect's marker, oldest first. */
export async function commentsOf(
  { client, signal }: Talk,
  place: IssuePlace,
  { effect, since }: { readonly effect: string; readonly since: Date },
): Promise<readonly Comment[]> {
  const marker = effectMarker(effect);
  const recent = { since: new Date(since.getTime() - SLACK_MS).toISOString(), per_page: 100 };
  const pages = eachPage(Comment, (page) =>
    client.rest.issues.listComments({ ...place, ...recent, page, request: { signal } }),
  );
  const found: Comment[] = [];
  for await (const comments of pages) found.push(...comments.filter(({ body }) => beginsWith(body, marker)));
  return found;
}
