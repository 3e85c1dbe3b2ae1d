import { USERS_CANNOT } from './criterion.ts';
import type { EventKind, Incident } from './incident.ts';
import { brokeLately } from './flapping.ts';
import { type IssueContent, isAnyWatched, issueOf, tellingAt } from './issue-content.ts';
import { explained } from './issue-evidence.ts';
import { counted } from './issue-hubs.ts';
import { downFor, outageSince } from './issue-status.ts';
import { linkTo } from './links.ts';
import { quotedBlock, sentence } from './markdown.ts';
import { effectMarker } from './markers.ts';
import { scopeName } from './scope.ts';
import { readableSpan, readableTime } from './time.ts';

const MESSAGE_MAX = 1_000;
const BECAUSE_MAX = 600;

/** Every comment takes the effect's id, by which the delivered comment is found again. */
type Comment = (effect: string, content: IssueContent) => string;

/** A recovery did not last. */
export const regressedComment: Comment = (effect, content) =>
  comment(effect, `🔴 Broken again: users can't ${cannot(content)}${says(content)}.`, latestFailure(content));

/** A hub that had left for long is back while others were broken all the time. */
export const rejoinedComment: Comment = (effect, content) =>
  comment(
    effect,
    `🔴 Broken again: ${lastBecause(content, 'joined')}${says(content)}.`,
    latestFailure(content),
  );

/** What was resolved is back. */
export const reopenedComment: Comment = (effect, content) =>
  comment(
    effect,
    `🔴 It is back: users can't ${cannot(content)}${says(content)}. This incident goes on.`,
    latestFailure(content),
  );

/** It comes and goes: the last word about that until it is over. */
export const flappingComment: Comment = (effect, content) => {
  const { incident, criteria } = content;
  const { withinMs, steadyForMs } = criteria.flapping;
  return comment(
    effect,
    `🟠 Flapping: users can't ${cannot(content)}${says(content)}. It broke ${brokeLately(incident, criteria, tellingAt(content)).length} times within ${readableSpan(withinMs)}.`,
    `This incident stays open until it has been well for ${readableSpan(steadyForMs)}. What comes and goes meanwhile is in the timeline of the description, not in comments.`,
  );
};

/** It is more than one hub. */
export const widenedComment: Comment = (effect, content) =>
  comment(
    effect,
    `🔴 It is more than that: users of **${sentence(scopeName(content.incident.scope), 100)}** can't ${cannot(content)}. ${counted(content)}; the description has them all.`,
    lastBecause(content, 'widened'),
  );

/** Said before the issue is closed. */
export const resolvedComment: Comment = (effect, content) => {
  const { incident, failures, mayBeMore } = content;
  const since = outageSince(incident);
  const failed = failures.filter(({ startedAt }) => startedAt >= since).length;
  const count = `${mayBeMore ? 'at least ' : ''}${failed} ${failed === 1 ? 'run' : 'runs'} failed`;
  if (!isAnyWatched(content)) return comment(effect, `⚪ ${lastBecause(content, 'resolved')}.`);
  return comment(
    effect,
    `🟢 Well again since ${readableTime(incident.recoveredAt ?? incident.startedAt)}: users can ${cannot(content)}. It was down for ${downFor(incident) ?? 'an unknown time'}; ${count}.`,
    'The after-action report in the description is still to be written, while memory is fresh.',
  );
};

/** Said before the issue is closed as a duplicate. */
export const mergedComment: Comment = (effect, content) => {
  const { incident, others } = content;
  const into = others.find(({ id }) => id === incident.mergedInto);
  const where = issueOf(others, incident.mergedInto) ?? 'another issue';
  return comment(
    effect,
    `⚪ Part of a larger incident${into === undefined ? '' : ` of ${nameOf(into)}`}: it goes on in ${where}.`,
  );
};

function comment(effect: string, ...paragraphs: readonly string[]): string {
  return [effectMarker(effect), ...paragraphs.filter((text) => text !== '')].join('\n\n');
}

function cannot({ incident }: IssueContent): string {
  return USERS_CANNOT[incident.criterion];
}

function says({ failures, publicUrl, incident }: IssueContent): string {
  const run = failures.at(-1);
  if (run === undefined) return '';
  const where = incident.members.length > 1 ? ` of ${run.hub}` : '';
  return `, says ${linkTo(publicUrl, 'runs', run.id, `run ${run.id}`)}${where} of ${readableTime(run.startedAt)}`;
}

function latestFailure({ failures }: IssueContent): string {
  const failure = failures.at(-1)?.failure;
  return failure ? [explained(failure), quotedBlock(failure.message, MESSAGE_MAX)].join('\n\n') : '';
}

function lastBecause({ events }: IssueContent, kind: EventKind): string {
  const event = events.findLast((each) => each.kind === kind);
  return event === undefined ? '' : sentence(event.because, BECAUSE_MAX);
}

function nameOf({ scope }: Incident): string {
  return `**${sentence(scopeName(scope), 100)}**`;
}
