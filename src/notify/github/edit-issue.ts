import { MOST_CHARACTERS, replaceBlocks } from '../../core/markers.ts';
import type { Receipt } from '../notifier.ts';
import { Issue, readAnswer } from './answers.ts';
import type { Edit } from './effect-of.ts';
import { statusOf } from './explain.ts';
import { type IssuePlace, readIssue } from './issue-place.ts';
import { bringLabels } from './labels.ts';
import { type StateChange, stateChange } from './state-change.ts';
import type { Talk } from './talk.ts';

/**
 * Brings our blocks up to date; closes or reopens, where that is told. Reads the issue first: what humans wrote and
 * decided there stays. Null: the issue is gone.
 */
export async function editIssue(
  talk: Talk,
  effect: Edit,
  place: IssuePlace,
  madeLabels: Set<string>,
): Promise<Receipt | null> {
  const now = await readIssue(talk, place).catch(talk.failed({ what: 'show the issue', changes: false }));
  if (now === null) return null;
  const { state, left } = await stateChange(talk, now.issue, effect);
  const change = { ...bodyChange(talk, now.issue, effect), ...titleChange(now.issue, effect), ...state };
  const isSame = Object.keys(change).length === 0;
  if (!isSame) await patch(talk, now.place, change);
  if (effect.kind === 'update-issue') await bringLabels(talk, now, effect, madeLabels);
  return { adopted: isSame, ...(left === null ? {} : { left }) };
}

interface Change extends StateChange {
  readonly body?: string;
  readonly title?: string;
}

async function patch({ client, signal }: Talk, place: IssuePlace, change: Change): Promise<void> {
  const send = (fields: Change) => client.rest.issues.update({ ...place, ...fields, request: { signal } });
  const { data } = await send(change).catch((error: unknown) => {
    if (change.state_reason !== 'duplicate' || statusOf(error) !== 422) throw error;
    // Older servers do not know duplicates; the comment before says which issue goes on.
    const { duplicate_issue_id: _, ...rest } = change;
    return send({ ...rest, state_reason: 'not_planned' });
  });
  readAnswer(Issue, data);
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

/** A title that a human changed is theirs. */
function titleChange({ title: current }: Issue, effect: Edit): { title?: string } {
  if (effect.kind !== 'update-issue' || effect.title === undefined) return {};
  const { from, to } = effect.title;
  return current === from && from !== to ? { title: to } : {};
}
