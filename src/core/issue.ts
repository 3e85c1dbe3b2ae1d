import { USERS_CANNOT } from './criterion.ts';
import { IMPACT } from './impact.ts';
import type { Incident } from './incident.ts';
import { scopeName } from './scope.ts';
import { evidenceBlock } from './issue-evidence.ts';
import type { IssueContent } from './issue-content.ts';
import { statusBlock } from './issue-status.ts';
import { timelineBlock } from './issue-timeline.ts';
import { incidentMarker, wrapBlock } from './markers.ts';
import { readableTime } from './time.ts';

/** Texts only: what the issue of an incident says. The sections are those of the team's own incident template. */

export function issueTitle({ scope, criterion }: Incident): string {
  return `[Incident] ${scopeName(scope)}: users can't ${USERS_CANNOT[criterion]}`;
}

export function issueLabels(labels: readonly string[], { criterion }: Incident): readonly string[] {
  return [...new Set([...labels, `criterion: ${criterion}`])];
}

/** At most 65,536 characters, which is what GitHub takes. */
export function issueBody(content: IssueContent): string {
  return [
    incidentMarker(content.incident.id),
    '### Summary',
    summary(content),
    wrapBlock('status', statusBlock(content)),
    '### Impact on users',
    IMPACT[content.incident.criterion],
    '### Important information',
    `- Hub URL: ${content.hub.url}\n- Support ticket ref:`,
    wrapBlock('evidence', evidenceBlock(content)),
    '### Tasks and updates',
    TASKS,
    afterActionReport(content),
  ].join('\n\n');
}

function summary({ incident, hub }: IssueContent): string {
  const where = hub.cluster === null ? '' : ` (cluster ${hub.cluster})`;
  return `Users of **${scopeName(incident.scope)}**${where} can't ${USERS_CANNOT[incident.criterion]} since ${readableTime(incident.startedAt)}. A canary user tried it in a browser as a person would, failed, and failed again when it made sure.`;
}

const TASKS = `- [ ] Somebody other than the support steward is incident commander, named here
- [ ] What is found out and done is told in comments below
- [ ] The incident is over: users can do it again
- [ ] The title still says what the incident turned out to be
- [ ] The after-action report below is copied into a comment and filled in
- [ ] Every follow-up action has an issue of its own, linked there`;

function afterActionReport(content: IssueContent): string {
  return `<details>
<summary>After-action report template</summary>

# After-action report

## Timeline

All times are UTC.

${wrapBlock('timeline', timelineBlock(content))}

## What went wrong

-

## Where we got lucky

-

## Follow-up actions

### Process improvements

1.

### Documentation improvements

1.

### Technical improvements

1.

</details>`;
}
