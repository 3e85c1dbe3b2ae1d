import type { DeliveryRequest, Receipt } from '../notifier.ts';
import { Comment, readAnswer } from './answers.ts';
import type { EffectOf } from './effect-of.ts';
import { statusOf } from './explain.ts';
import { hasComment } from './find.ts';
import { type IssuePlace, isAbsence, readIssue } from './issue-place.ts';
import type { Talk } from './talk.ts';

/** Comments on the incident's issue, wherever it is by now, unless an earlier attempt did. Null: the issue is gone. */
export async function comment(
  talk: Talk,
  effect: EffectOf<'comment'>,
  request: DeliveryRequest,
  place: IssuePlace,
): Promise<Receipt | null> {
  try {
    return await commentAt(talk, effect, request, place);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    // An issue that was moved forwards to its new place; what is below it does not.
    const now = await readIssue(talk, place);
    if (now === null) return null;
    if (isSame(now.place, place)) throw error;
    return commentAt(talk, effect, request, now.place);
  }
}

async function commentAt(
  talk: Talk,
  { id, body }: EffectOf<'comment'>,
  { maybeDone, firstAttemptAt }: DeliveryRequest,
  place: IssuePlace,
): Promise<Receipt> {
  if (maybeDone && firstAttemptAt !== null) {
    const isThere = await hasComment(talk, place, { effect: id, since: firstAttemptAt });
    if (isThere) return { adopted: true };
  }
  const { client, signal } = talk;
  try {
    const { data } = await client.rest.issues.createComment({ ...place, body, request: { signal } });
    readAnswer(Comment, data);
    return { adopted: false };
  } catch (error) {
    if (!isLocked(error)) throw error;
    return { adopted: true, left: 'the issue is locked: it takes no comment' };
  }
}

/** GitHub has no status of its own for this. */
function isLocked(error: unknown): boolean {
  return statusOf(error) === 403 && error instanceof Error && /\blocked\b/i.test(error.message);
}

function isSame(one: IssuePlace, other: IssuePlace): boolean {
  const spelled = ({ owner, repo, issue_number }: IssuePlace) =>
    `${owner}/${repo}#${issue_number}`.toLowerCase();
  return spelled(one) === spelled(other);
}
