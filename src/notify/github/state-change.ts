import type { Issue as IssueRef } from '../../core/incident.ts';
import type { Issue } from './answers.ts';
import type { Edit } from './effect-of.ts';
import { placeOfUrl, readIssue } from './issue-place.ts';
import type { Talk } from './talk.ts';

export interface StateChange {
  readonly state?: 'open' | 'closed';
  readonly state_reason?: 'completed' | 'not_planned' | 'duplicate' | 'reopened';
  /** Of the issue that goes on: GitHub's number of it over all repositories. */
  readonly duplicate_issue_id?: number;
}

/** With these a human said more than "it is over": we do not open such an issue again. */
const LAST_WORDS = ['not_planned', 'duplicate'];

interface Outcome {
  readonly state: StateChange;
  /** What is not done because of a human's word; null when nothing is in the way. */
  readonly left: string | null;
}

/** What an effect asks of the issue's state, as far as no human decided otherwise. */
export async function stateChange(
  talk: Talk,
  { state, state_reason }: Issue,
  effect: Edit,
): Promise<Outcome> {
  if (effect.kind === 'update-issue') return { state: {}, left: null };
  if (effect.kind === 'reopen-issue') {
    if (state === 'open') return { state: {}, left: null };
    if (LAST_WORDS.includes(state_reason ?? ''))
      return { state: {}, left: `the issue stays closed: a human closed it as ${state_reason}` };
    return { state: { state: 'open', state_reason: 'reopened' }, left: null };
  }
  if (state === 'closed') return { state: {}, left: null };
  if (effect.reason === 'completed')
    return { state: { state: 'closed', state_reason: 'completed' }, left: null };
  const id = effect.duplicateOf === null ? null : await idOf(talk, effect.duplicateOf);
  const of = id === null ? {} : { duplicate_issue_id: id };
  return { state: { state: 'closed', state_reason: 'duplicate', ...of }, left: null };
}

/** Null when it cannot be found out: closing does not wait for that. */
async function idOf(talk: Talk, { url }: IssueRef): Promise<number | null> {
  const place = placeOfUrl(url);
  if (place === null) return null;
  const found = await readIssue(talk, place).catch(() => null);
  return found?.issue.id ?? null;
}
