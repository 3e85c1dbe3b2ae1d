import type { Incident } from '../../core/incident.ts';
import { Issue, RepositoryAnswer, readAnswer } from './answers.ts';
import { statusOf } from './explain.ts';
import type { Repository, Talk } from './talk.ts';

/** Where an issue is, spelled as the client's methods take it. */
export interface IssuePlace extends Repository {
  readonly issue_number: number;
}

/**
 * Where the incident's issue was opened; null when it has none. Its own address decides, not today's configuration: in
 * another repository the same number is somebody else's issue.
 */
export function placeOfIncident({ issue }: Incident): IssuePlace | null {
  return issue === null ? null : placeOfUrl(issue.url);
}

/** The issue as it is now, with the place it is at: GitHub forwards to where an issue was moved. Null when it is gone. */
export async function readIssue(
  talk: Talk,
  place: IssuePlace,
): Promise<{ readonly issue: Issue; readonly place: IssuePlace } | null> {
  const { client, signal } = talk;
  try {
    const { data } = await client.rest.issues.get({ ...place, request: { signal } });
    const issue = readAnswer(Issue, data);
    return { issue, place: placeOfUrl(issue.url) ?? place };
  } catch (error) {
    if (await isAbsenceOf(talk, place, error)) return null;
    throw error;
  }
}

/**
 * Whether a failed look at an issue means that it is gone, and not that we may not see it. It is let go for good then, so
 * GitHub has to say it once more: issues may have been switched on again meanwhile, and a single answer may be wrong.
 */
export async function isAbsenceOf(talk: Talk, place: IssuePlace, error: unknown): Promise<boolean> {
  return isAbsence(error) && (await hasIssues(talk, place)) && (await isStillAbsent(talk, place));
}

async function isStillAbsent({ client, signal }: Talk, place: IssuePlace): Promise<boolean> {
  try {
    await client.rest.issues.get({ ...place, request: { signal } });
    return false;
  } catch (error) {
    return isAbsence(error);
  }
}

/** What GitHub says of an issue that was deleted or moved, but also of a repository that is hidden from us. */
export function isAbsence(error: unknown): boolean {
  return [404, 410].includes(statusOf(error) ?? 0);
}

/** Whether we may see the repository and it takes issues: only then is a missing issue really gone. */
async function hasIssues({ client, signal }: Talk, { owner, repo }: Repository): Promise<boolean> {
  try {
    const { data } = await client.rest.repos.get({ owner, repo, request: { signal } });
    return readAnswer(RepositoryAnswer, data).has_issues;
  } catch {
    return false;
  }
}

/** Of the API or for people; null when it is no issue's address. */
export function placeOfUrl(url: string): IssuePlace | null {
  const [, owner, repo, number] = /([^/]+)\/([^/]+)\/issues\/(\d+)$/.exec(url) ?? [];
  if (owner === undefined || repo === undefined) return null;
  return { owner, repo, issue_number: Number(number) };
}
