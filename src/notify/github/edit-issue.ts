import { MOST_CHARACTERS, replaceBlocks } from '../../core/markers.ts';
import type { Receipt } from '../notifier.ts';
import { Issue, readAnswer } from './answers.ts';
import type { EffectOf } from './effect-of.ts';
import { type IssuePlace, readIssue } from './issue-place.ts';
import type { Talk } from './talk.ts';

/** All bring our blocks up to date. */
type Edit = EffectOf<'update-issue'> | EffectOf<'close-issue'> | EffectOf<'reopen-issue'>;

/**
 * Brings our blocks up to date, and closes where that is told. Reads the issue first: what humans wrote and decided
 * there stays. Null: the issue is gone.
 */
export async function editIssue(talk: Talk, effect: Edit, place: IssuePlace): Promise<Receipt | null> {
  const now = await readIssue(talk, place).catch(talk.failed({ what: 'show the issue', changes: false }));
  if (now === null) return null;
  const change = { ...bodyChange(talk, now.issue, effect), ...stateChange(now.issue, effect) };
  if (Object.keys(change).length === 0) return { adopted: true };
  const { data } = await talk.client.rest.issues.update({
    ...now.place,
    ...change,
    request: { signal: talk.signal },
  });
  readAnswer(Issue, data);
  return { adopted: false };
}

function bodyChange({ log }: Talk, { number, body }: Issue, { blocks }: Edit): { body?: string } {
  const current = body ?? '';
  const updated = replaceBlocks(current, blocks);
  if (updated === current) return {};
  // GitHub would refuse the whole change, closing included. People have written a lot: their words stay.
  if (updated.length > MOST_CHARACTERS) {
    log('the issue is too long for its status to be brought up to date', { issue: number });
    return {};
  }
  return { body: updated };
}

function stateChange(
  { state }: Issue,
  { kind }: Edit,
): { state?: 'closed' | 'open'; state_reason?: 'completed' | 'reopened' } {
  if (kind === 'reopen-issue') return state === 'open' ? {} : { state: 'open', state_reason: 'reopened' };
  if (kind === 'update-issue' || state === 'closed') return {};
  return { state: 'closed', state_reason: 'completed' };
}
