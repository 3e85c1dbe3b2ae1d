import { USERS_CANNOT } from './criterion.ts';
import { IMPACT } from './impact.ts';
import type { Incident } from './incident.ts';
import { type IssueContent, issueOf } from './issue-content.ts';
import { evidenceBlock } from './issue-evidence.ts';
import { hubsBlock } from './issue-hubs.ts';
import { statusBlock } from './issue-status.ts';
import { timelineBlock } from './issue-timeline.ts';
import { sentence } from './markdown.ts';
import { incidentMarker, wrapBlock } from './markers.ts';
import { scopeName } from './scope.ts';
import { readableTime } from './time.ts';

/** Texts only: what the issue of an incident says. The sections are those of the team's own incident template. */

/** What GitHub takes is longer; nobody reads more. */
const TITLE_MAX = 200;
export const FLAPPING_LABEL = 'flapping';

export function issueTitle({ scope, criterion }: Incident): string {
  return sentence(`[Incident] ${scopeName(scope)}: users can't ${USERS_CANNOT[criterion]}`, TITLE_MAX);
}

export function issueLabels(
  labels: readonly string[],
  { criterion, isFlapping }: Incident,
): readonly string[] {
  return [...new Set([...labels, `criterion: ${criterion}`, ...(isFlapping ? [FLAPPING_LABEL] : [])])];
}

/** At most 65,536 characters, which is what GitHub takes. */
export function issueBody(content: IssueContent): string {
  return [
    incidentMarker(content.incident.id),
    '### Summary',
    wrapBlock('summary', summaryBlock(content)),
    wrapBlock('status', statusBlock(content)),
    '### Impact on users',
    IMPACT[content.incident.criterion],
    '### Important information',
    wrapBlock('hubs', hubsBlock(content)),
    '- Support ticket ref:',
    wrapBlock('evidence', evidenceBlock(content)),
    '### Tasks and updates',
    TASKS,
    afterActionReport(content),
  ].join('\n\n');
}

/** The bot's blocks that say how it stands; what it looked like in the beginning is in the evidence. */
export function currentBlocks(content: IssueContent): Readonly<Record<string, string>> {
  return {
    summary: summaryBlock(content),
    status: statusBlock(content),
    hubs: hubsBlock(content),
    timeline: timelineBlock(content),
  };
}

function summaryBlock({ incident, hubs, others }: IssueContent): string {
  const { scope, members, criterion, startedAt, previous } = incident;
  const [only] = members;
  const hub = scope.kind === 'hub' ? hubs.find(({ name }) => name === only?.hub) : undefined;
  const where =
    scope.kind !== 'hub'
      ? ` (${members.length} ${members.length === 1 ? 'hub' : 'hubs'} so far, see below)`
      : hub === undefined || hub.cluster === null
        ? ''
        : ` (cluster ${sentence(hub.cluster, 60)})`;
  const before = issueOf(others, previous);
  const history = before === null ? '' : ` The same happened before: ${before}.`;
  return `Users of **${sentence(scopeName(scope), 100)}**${where} can't ${USERS_CANNOT[criterion]} since ${readableTime(startedAt)}. A canary user tried it in a browser as a person would, failed, and failed again when it made sure.${history}`;
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
