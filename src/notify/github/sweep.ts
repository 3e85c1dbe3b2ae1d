import type { Incident, Issue as IssueRef } from '../../core/incident.ts';
import { beginsWith, incidentMarker, readBlocks, replaceBlocks } from '../../core/markers.ts';
import type { Duplicate, Repeated, Sweep } from '../notifier.ts';
import { Issue, readAnswer } from './answers.ts';
import { statusOf } from './explain.ts';
import { byNumber, commentsOf, issuesSince } from './find.ts';
import { isAbsence, placeOfIncident, readIssue } from './issue-place.ts';
import type { Talk } from './talk.ts';

/** Finds what was told twice all the same, keeps one of each, and takes the others back. */
export async function sweep(talk: Talk, repeated: readonly Repeated[]): Promise<Sweep> {
  const opened = repeated.filter(({ effect }) => effect.kind === 'open-issue');
  const found: Sweep[] = [];
  if (opened.length > 0) {
    const first = Math.min(...opened.map(({ firstAttemptAt }) => firstAttemptAt.getTime()));
    const issues = await issuesSince(talk, new Date(first));
    for (const { incident } of opened) found.push(await sweepIssues(talk, incident, issues));
  }
  for (const one of repeated) {
    if (one.effect.kind === 'comment') found.push({ duplicates: await sweepComments(talk, one), moved: [] });
  }
  return {
    duplicates: found.flatMap(({ duplicates }) => duplicates),
    moved: found.flatMap(({ moved }) => moved),
  };
}

const NOTHING: Sweep = { duplicates: [], moved: [] };

/**
 * When another issue than the known one is to stay, it is only brought up to date and named: the known one is taken back
 * by a later sweep, once the incident is on record with the other.
 */
async function sweepIssues(talk: Talk, incident: Incident, issues: readonly Issue[]): Promise<Sweep> {
  const marker = incidentMarker(incident.id);
  const listed = issues.filter(({ body }) => beginsWith(body, marker));
  if (listed.length < 2) return NOTHING;
  const ours = await asTheyAre(talk, listed);
  const known = ours.find(({ number }) => number === incident.issue?.number);
  if (known === undefined) return NOTHING;
  const candidates = ours.filter((issue) => issue === known || !isTakenBack(issue));
  const kept = choose(candidates, known);
  if (kept !== known) {
    await bringUpTo(talk, kept, known);
    const issue: IssueRef = { number: kept.number, url: kept.html_url };
    return { duplicates: [], moved: [{ incident: incident.id, issue }] };
  }
  const duplicates: Duplicate[] = [];
  for (const other of candidates.filter((issue) => issue !== kept && issue.state === 'open')) {
    await takeBack(talk, other, kept);
    duplicates.push({ kind: 'issue', incident: incident.id, removed: other.html_url });
  }
  return { duplicates, moved: [] };
}

/** A list may lag behind; what is closed or changed is decided by what the issues themselves say. */
async function asTheyAre(talk: Talk, issues: readonly Issue[]): Promise<readonly Issue[]> {
  const found: Issue[] = [];
  for (const { number } of issues) {
    const now = await readIssue(talk, { ...talk.home, issue_number: number });
    if (now !== null && now.place.issue_number === number) found.push(now.issue);
  }
  return found;
}

/** The one that people talk in; else one whose story has ended; else the first. */
function choose(candidates: readonly Issue[], known: Issue): Issue {
  const talkedIn = candidates.filter(({ comments }) => comments > 0);
  if (talkedIn.length === 0 && known.state === 'closed') return known;
  const [first = known] = (talkedIn.length > 0 ? talkedIn : candidates).toSorted(byNumber);
  return first;
}

/** Closed as a duplicate by us, or by a human who saw it first. */
function isTakenBack({ state, state_reason }: Issue): boolean {
  return state === 'closed' && (state_reason === 'duplicate' || state_reason === 'not_planned');
}

async function takeBack({ client, home, signal }: Talk, issue: Issue, kept: Issue): Promise<void> {
  const place = { ...home, issue_number: issue.number, request: { signal } };
  const duplicate = { state: 'closed', state_reason: 'duplicate', duplicate_issue_id: kept.id } as const;
  const { data } = await client.rest.issues.update({ ...place, ...duplicate }).catch((error: unknown) => {
    if (statusOf(error) !== 422) throw error;
    return client.rest.issues.update({ ...place, state: 'closed', state_reason: 'not_planned' });
  });
  readAnswer(Issue, data);
}

/** What was told on the one that goes is told on the one that stays. */
async function bringUpTo({ client, home, signal }: Talk, kept: Issue, known: Issue): Promise<void> {
  const body = replaceBlocks(kept.body ?? '', readBlocks(known.body ?? ''));
  const state =
    kept.state === known.state
      ? {}
      : ({ state: known.state, state_reason: known.state === 'open' ? 'reopened' : 'completed' } as const);
  const { data } = await client.rest.issues.update({
    ...home,
    issue_number: kept.number,
    title: known.title,
    body,
    ...state,
    request: { signal },
  });
  readAnswer(Issue, data);
}

async function sweepComments(
  talk: Talk,
  { effect, incident, firstAttemptAt }: Repeated,
): Promise<readonly Duplicate[]> {
  const place = placeOfIncident(incident);
  if (place === null) return [];
  const found = await commentsOf(talk, place, { effect: effect.id, since: firstAttemptAt }).catch(
    (error: unknown) => {
      // Deleted or moved: a human took care of it.
      if (isAbsence(error)) return [];
      throw error;
    },
  );
  const duplicates: Duplicate[] = [];
  for (const { id, html_url } of found.slice(1)) {
    const { owner, repo } = place;
    await talk.client.rest.issues.deleteComment({
      owner,
      repo,
      comment_id: id,
      request: { signal: talk.signal },
    });
    duplicates.push({ kind: 'comment', incident: incident.id, removed: html_url });
  }
  return duplicates;
}
