import type { DeliveryRequest, Receipt } from '../notifier.ts';
import { Issue, readAnswer } from './answers.ts';
import type { EffectOf } from './effect-of.ts';
import { statusOf } from './explain.ts';
import { findIssue } from './find.ts';
import { placeOfUrl } from './issue-place.ts';
import { addMissingLabels, makeOurLabels } from './labels.ts';
import type { Talk } from './talk.ts';

/** Opens the incident's issue, unless an earlier attempt did. `made` remembers which labels are known to be there. */
export async function openIssue(
  talk: Talk,
  effect: EffectOf<'open-issue'>,
  { maybeDone, firstAttemptAt }: DeliveryRequest,
  made: Set<string>,
): Promise<Receipt> {
  const { incident, labels } = effect;
  const found =
    maybeDone && firstAttemptAt !== null
      ? await findIssue(talk, { incident, since: firstAttemptAt }).catch(
          talk.failed({ what: 'list the issues', changes: false }),
        )
      : null;
  if (found === null) await makeOurLabels(talk, labels, made);
  const issue = found ?? (await create(talk, effect));
  const place = placeOfUrl(issue.url) ?? { ...talk.home, issue_number: issue.number };
  await addMissingLabels(talk, place, issue, labels);
  return { issue: { number: issue.number, url: issue.html_url }, adopted: found !== null };
}

/** No assignees, ever: one that left the team would make GitHub refuse the whole issue. */
async function create(talk: Talk, { title, body, labels }: EffectOf<'open-issue'>): Promise<Issue> {
  const post = async (withLabels: readonly string[]) => {
    const { client, home, signal } = talk;
    const fields = { title, body, labels: [...withLabels] };
    return client.rest.issues.create({ ...home, ...fields, request: { signal } });
  };
  const { data } = await post(labels).catch((error: unknown) => {
    if (!isAboutLabels(error)) throw error;
    talk.log('GitHub did not take the labels; opening the issue without them', { labels });
    return post([]);
  });
  return readAnswer(Issue, data);
}

/** Such a refusal is certain: no issue was opened. One without labels is better than none. */
function isAboutLabels(error: unknown): boolean {
  return statusOf(error) === 422 && error instanceof Error && /label/i.test(error.message);
}
