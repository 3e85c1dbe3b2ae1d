import { z } from 'zod';
import { beginsWith, effectMarker, incidentMarker } from '../../core/markers.ts';
import type { Octokit } from '@octokit/rest';
import type { GitHubPlace } from './client.ts';

export const FoundIssue = z.object({
  number: z.number(),
  html_url: z.string(),
  state: z.enum(['open', 'closed']),
  body: z.string().nullish(),
  created_at: z.string(),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])),
  pull_request: z.unknown().optional(),
});
export type FoundIssue = z.infer<typeof FoundIssue>;

const Comment = z.object({ body: z.string().nullish() });

/** The other side's clock may be behind ours. */
const SLACK_MS = 5 * 60_000;

/**
 * The issue that carries the incident's marker among those created since `since`. Lists, because a search does not see
 * a new issue for seconds; follows pages until older ones come.
 */
export async function findIssue(
  octokit: Octokit,
  place: GitHubPlace,
  options: { readonly incident: string; readonly since: Date; readonly signal: AbortSignal },
): Promise<FoundIssue | null> {
  const { owner, repo } = place;
  const oldest = options.since.getTime() - SLACK_MS;
  const pages = octokit.paginate.iterator(octokit.rest.issues.listForRepo, {
    owner,
    repo,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
    request: { signal: options.signal },
  });
  for await (const { data } of pages) {
    const issues = z.array(FoundIssue).parse(data);
    const found = issues.find(
      ({ body, pull_request }) =>
        pull_request === undefined && beginsWith(body, incidentMarker(options.incident)),
    );
    if (found !== undefined) return found;
    if (issues.some(({ created_at }) => Date.parse(created_at) < oldest)) return null;
  }
  return null;
}

/** Whether the comment of an effect is on the issue already. */
export async function hasComment(
  octokit: Octokit,
  place: GitHubPlace,
  options: {
    readonly issue: number;
    readonly effect: string;
    readonly since: Date;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const { owner, repo } = place;
  const pages = octokit.paginate.iterator(octokit.rest.issues.listComments, {
    owner,
    repo,
    issue_number: options.issue,
    since: new Date(options.since.getTime() - SLACK_MS).toISOString(),
    per_page: 100,
    request: { signal: options.signal },
  });
  for await (const { data } of pages) {
    const comments = z.array(Comment).parse(data);
    if (comments.some(({ body }) => beginsWith(body, effectMarker(options.effect)))) return true;
  }
  return false;
}
