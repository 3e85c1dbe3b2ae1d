import type { StandInComment, StandInIssue, StandInLabel } from './state.ts';

/** How the documented API shows things; only fields that somebody reads. */

export interface Base {
  readonly url: string;
  readonly repository: string;
}

export function issueAnswer(
  { url, repository }: Base,
  issue: StandInIssue,
  labels: ReadonlyMap<string, StandInLabel>,
) {
  return {
    id: 1_000_000 + issue.number,
    number: issue.number,
    html_url: `${url}/${repository}/issues/${issue.number}`,
    url: `${url}/repos/${repository}/issues/${issue.number}`,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.state_reason,
    user: { login: 'hubcanary[bot]', type: 'Bot' },
    labels: issue.labels.map((name) => labels.get(name) ?? { name, color: 'ededed', description: null }),
    assignees: [],
    comments: issue.comments.length,
    locked: false,
    created_at: issue.created_at,
    updated_at: issue.updated_at,
    closed_at: issue.closed_at,
  };
}

export function commentAnswer({ url, repository }: Base, issue: StandInIssue, comment: StandInComment) {
  return {
    id: comment.id,
    html_url: `${url}/${repository}/issues/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${url}/repos/${repository}/issues/${issue.number}`,
    user: { login: comment.author },
    body: comment.body,
    created_at: comment.created_at,
    updated_at: comment.created_at,
  };
}

export function refusal(message: string, errors?: readonly unknown[]) {
  const documentation_url = 'https://docs.github.com/rest';
  return errors === undefined ? { message, documentation_url } : { message, errors, documentation_url };
}
