import { beginsWith, effectMarker, incidentMarker } from '../../core/markers.ts';
import { Comment, Issue } from './answers.ts';
import type { IssuePlace } from './issue-place.ts';
import { eachPage } from './pages.ts';
import type { Talk } from './talk.ts';

/** The other side's clock may be behind ours. */
const SLACK_MS = 5 * 60_000;

/**
 * The issue that carries the incident's marker among those created since `since`. Lists, because a search does not see
 * a new issue for seconds; follows pages until older ones come. No filter by label: labels can be dropped or taken off.
 */
export async function findIssue(
  { client, home, signal }: Talk,
  { incident, since }: { readonly incident: string; readonly since: Date },
): Promise<Issue | null> {
  const oldest = since.getTime() - SLACK_MS;
  const marker = incidentMarker(incident);
  const newestFirst = { state: 'all', sort: 'created', direction: 'desc', per_page: 100 } as const;
  const pages = eachPage(Issue, (page) =>
    client.rest.issues.listForRepo({ ...home, ...newestFirst, page, request: { signal } }),
  );
  for await (const issues of pages) {
    const found = issues.find((issue) => issue.pull_request === undefined && beginsWith(issue.body, marker));
    if (found !== undefined) return found;
    if (issues.some(({ created_at }) => Date.parse(created_at) < oldest)) return null;
  }
  return null;
}

/** Whether the comment of an effect is on the issue already. */
export async function hasComment(
  { client, signal }: Talk,
  place: IssuePlace,
  { effect, since }: { readonly effect: string; readonly since: Date },
): Promise<boolean> {
  const marker = effectMarker(effect);
  const recent = { since: new Date(since.getTime() - SLACK_MS).toISOString(), per_page: 100 };
  const pages = eachPage(Comment, (page) =>
    client.rest.issues.listComments({ ...place, ...recent, page, request: { signal } }),
  );
  for await (const comments of pages) {
    if (comments.some(({ body }) => beginsWith(body, marker))) return true;
  }
  return false;
}
