import type { components } from '@octokit/openapi-types';
import type { StandInComment, StandInIssue, StandInLabel } from './state.ts';

/**
 * How the documented API shows things. Only fields that somebody reads, but each as GitHub's own description of its
 * API declares it: the compiler compares.
 */
type Documented = components['schemas'];

export interface Base {
  readonly url: string;
  readonly repository: string;
}

export function issueAnswer(
  { url, repository }: Base,
  issue: StandInIssue,
  labels: ReadonlyMap<string, StandInLabel>,
) {
  const documented = {
    id: issue.id,
    number: issue.number,
    html_url: `${url}/${repository}/issues/${issue.number}`,
    url: `${url}/repos/${repository}/issues/${issue.number}`,
    repository_url: `${url}/repos/${repository}`,
    comments_url: `${url}/repos/${repository}/issues/${issue.number}/comments`,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.state_reason,
    labels: issue.labels.map((name) =>
      labelAnswer(labels.get(name) ?? { name, color: 'ededed', description: null }),
    ),
    comments: issue.comments.length,
    locked: issue.locked,
    created_at: toSecond(issue.created_at),
    updated_at: toSecond(issue.updated_at),
    closed_at: issue.closed_at === null ? null : toSecond(issue.closed_at),
  } satisfies Partial<Documented['issue']>;
  return { ...documented, user: userAnswer('hubcanary[bot]'), assignees: issue.assignees.map(userAnswer) };
}

export function commentAnswer({ url, repository }: Base, issue: StandInIssue, comment: StandInComment) {
  const documented = {
    id: comment.id,
    html_url: `${url}/${repository}/issues/${issue.number}#issuecomment-${comment.id}`,
    url: `${url}/repos/${repository}/issues/comments/${comment.id}`,
    issue_url: `${url}/repos/${repository}/issues/${issue.number}`,
    body: comment.body,
    created_at: toSecond(comment.created_at),
    updated_at: toSecond(comment.updated_at),
  } satisfies Partial<Documented['issue-comment']>;
  return { ...documented, user: userAnswer(comment.author) };
}

export function labelAnswer({ name, color, description }: StandInLabel) {
  return { name, color, description, default: false } satisfies Partial<Documented['label']>;
}

export function userAnswer(login: string) {
  const type = login.endsWith('[bot]') ? 'Bot' : 'User';
  return { login, id: 1, type } satisfies Partial<Documented['simple-user']>;
}

export function repositoryAnswer(repository: string) {
  return {
    full_name: repository,
    has_issues: true,
    archived: false,
    permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  } satisfies Partial<Documented['full-repository']>;
}

export function refusal(message: string, errors?: readonly unknown[]) {
  const error = {
    message,
    documentation_url: 'https://docs.github.com/rest',
  } satisfies Documented['basic-error'];
  return errors === undefined ? error : { ...error, errors };
}

/** GitHub tells no fractions of a second. */
export function toSecond(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}
