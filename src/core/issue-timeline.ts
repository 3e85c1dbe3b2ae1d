import type { IssueContent } from './issue-content.ts';
import { sentence } from './markdown.ts';
import { readableTime } from './time.ts';

/** A flapping hub must not outgrow the issue: the beginning and what happened last. */
const FIRST_SHOWN = 10;
const LAST_SHOWN = 40;

/** What happened when, from the incident's own log. */
export function timelineBlock({ incident, events }: IssueContent): string {
  const lines = events.map(
    ({ at, kind, because }) =>
      `- ${readableTime(at)} - ${kind.replaceAll('-', ' ')}: ${sentence(because, 300)}`,
  );
  const left = lines.length - FIRST_SHOWN - LAST_SHOWN;
  const shown =
    left > 0 ? [...lines.slice(0, FIRST_SHOWN), `- … ${left} more`, ...lines.slice(-LAST_SHOWN)] : lines;
  return [`- ${readableTime(incident.startedAt)} - first failed run began`, ...shown].join('\n');
}
