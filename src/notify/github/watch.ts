import type { Incident, Issue as IssueRef } from '../../core/incident.ts';
import type { IssueSighting } from '../../core/sighting.ts';
import { Issue, readAnswer } from './answers.ts';
import { type ListCursor, changedSince } from './changed-since.ts';
import { concernsAll, statusOf } from './explain.ts';
import { type IssuePlace, isAbsenceOf, placeOfIncident, placeOfUrl } from './issue-place.ts';
import { messageOf } from '../../core/text.ts';
import type { Talk } from './talk.ts';

/** A list does not show what was deleted or transferred, and it can lag behind: each issue is read itself this often. */
const READ_AT_LEAST_EVERY_MS = 10 * 60_000;

type Facts = Omit<IssueSighting, 'incident' | 'at'>;

interface Known {
  readonly facts: Facts;
  readonly place: IssuePlace;
  readonly etag: string | null;
  readonly readAt: number;
}

/** Keeps in mind what issues looked like, so that what has not changed costs nothing to look at. */
export interface IssueWatch {
  look(talk: Talk, incidents: readonly Incident[], now: Date): Promise<readonly IssueSighting[]>;
}

/**
 * One list says which issues of the repository changed since the last look; only those are read, and what they
 * themselves say counts. An issue that can't be read is left out, said once, and read again at the next look: it must not
 * hide the others.
 */
export function createIssueWatch(): IssueWatch {
  let known = new Map<string, Known>();
  let unread = new Map<string, string>();
  let cursor: ListCursor | null = null;

  return {
    async look(talk, incidents, now) {
      const { numbers, next } = await changedSince(talk, cursor, now);
      const seen = new Map<string, Known>();
      const kept = new Map<string, Known>();
      const failures = new Map<string, Error>();
      for (const incident of incidents) {
        const issue = incident.issue;
        const place = placeOfIncident(incident);
        if (issue === null || place === null) continue;
        const before = known.get(incident.id) ?? null;
        const isFresh =
          before !== null && !mayHaveChanged(before, numbers, talk) && isRecent(before, now.getTime());
        try {
          seen.set(incident.id, isFresh ? before : await read(talk, { issue, place, before, now }));
        } catch (error) {
          if (talk.signal.aborted || concernsAll(error)) throw error;
          failures.set(incident.id, error instanceof Error ? error : new Error(messageOf(error)));
          // The list will not name it again.
          if (before !== null) kept.set(incident.id, { ...before, readAt: -Infinity });
        }
      }
      const [failure] = failures.values();
      if (failure !== undefined && seen.size === 0) throw failure;
      // Only now: what broke off is looked at again.
      cursor = next;
      known = new Map([...kept, ...seen]);
      unread = said(talk, incidents, failures, unread);
      const at = now.toISOString();
      return [...seen].map(([incident, { facts }]) => ({ incident, at, ...facts }));
    },
  };
}

/** Says which issues can't be read, each once for the same reason. @returns what has been said */
function said(
  { log }: Talk,
  incidents: readonly Incident[],
  failures: ReadonlyMap<string, Error>,
  before: ReadonlyMap<string, string>,
): Map<string, string> {
  const now = new Map([...failures].map(([incident, error]) => [incident, messageOf(error)]));
  for (const { id, issue } of incidents) {
    const why = now.get(id);
    if (why === undefined || why === before.get(id)) continue;
    log(
      `${issue?.url ?? 'the issue'} can't be read, so what people do to it is not seen: ${why}. Trying again every minute`,
      { incident: id },
    );
  }
  return now;
}

/** Of issues in other repositories no list says anything. */
function mayHaveChanged({ place }: Known, changed: ReadonlySet<number>, { home }: Talk): boolean {
  const isAtHome =
    `${place.owner}/${place.repo}`.toLowerCase() === `${home.owner}/${home.repo}`.toLowerCase();
  return !isAtHome || changed.has(place.issue_number);
}

function isRecent({ readAt }: Known, now: number): boolean {
  return now - readAt < READ_AT_LEAST_EVERY_MS && now >= readAt;
}

interface Question {
  readonly issue: IssueRef;
  readonly place: IssuePlace;
  readonly before: Known | null;
  readonly now: Date;
}

async function read(talk: Talk, { issue, place, before, now }: Question): Promise<Known> {
  const { client, signal } = talk;
  const readAt = now.getTime();
  const etag = before?.etag ?? null;
  const headers = etag === null ? {} : { 'if-none-match': etag };
  try {
    const answer = await client.rest.issues.get({ ...place, headers, request: { signal } });
    const data = readAnswer(Issue, answer.data);
    const name = answer.headers.etag ?? null;
    return { facts: factsOf(data), place: placeOfUrl(data.url) ?? place, etag: name, readAt };
  } catch (error) {
    // The client throws "not modified".
    if (statusOf(error) === 304 && before !== null) return { ...before, readAt };
    if (!(await isAbsenceOf(talk, place, error))) throw error;
    const facts = before?.facts ?? unseen(issue);
    return { facts: { ...facts, gone: true }, place, etag: null, readAt };
  }
}

function factsOf({ number, html_url, state, state_reason, assignees, locked }: Issue): Facts {
  return {
    number,
    url: html_url,
    state,
    stateReason: state_reason ?? null,
    assignees: (assignees ?? []).flatMap((person) => (person === null ? [] : [person.login])),
    locked,
    gone: false,
  };
}

function unseen({ number, url }: IssueRef): Facts {
  return { number, url, state: 'closed', stateReason: null, assignees: [], locked: false, gone: true };
}
