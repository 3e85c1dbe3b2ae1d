import { USERS_CANNOT } from './criterion.ts';
import type { IssueContent } from './issue-content.ts';
import { explained } from './issue-evidence.ts';
import { downFor } from './issue-status.ts';
import { linkTo } from './links.ts';
import { quotedBlock } from './markdown.ts';
import { effectMarker } from './markers.ts';
import { readableTime } from './time.ts';

const MESSAGE_MAX = 1_000;

/** Said when a recovery did not last. @param effect id by which the delivered comment is found again */
export function regressedComment(effect: string, { incident, failures, publicUrl }: IssueContent): string {
  const run = failures.at(-1);
  const where =
    run === undefined
      ? ''
      : `, says ${linkTo(publicUrl, 'runs', run.id, `run ${run.id}`)} of ${readableTime(run.startedAt)}`;
  return [
    effectMarker(effect),
    `🔴 Broken again: users can't ${USERS_CANNOT[incident.criterion]}${where}.`,
    ...(run === undefined || run.failure === null
      ? []
      : [explained(run.failure), quotedBlock(run.failure.message, MESSAGE_MAX)]),
  ].join('\n\n');
}

/** Said before the issue is closed. @param effect id by which the delivered comment is found again */
export function resolvedComment(effect: string, content: IssueContent): string {
  const { incident, failures, mayBeMore } = content;
  const count = `${mayBeMore ? 'at least ' : ''}${failures.length} ${failures.length === 1 ? 'run' : 'runs'} failed`;
  return [
    effectMarker(effect),
    `🟢 Well again since ${readableTime(incident.recoveredAt ?? incident.startedAt)}: users can ${USERS_CANNOT[incident.criterion]}. It was down for ${downFor(incident) ?? 'an unknown time'}; ${count}.`,
    'The after-action report in the description is still to be written, while memory is fresh.',
  ].join('\n\n');
}
