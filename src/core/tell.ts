import type { Change } from './change.ts';
import type { Criteria } from './criteria.ts';
import { type Effect, ISSUES, type Telling } from './effect.ts';
import type { Hub } from './hub.ts';
import type { EventKind, IncidentEvent } from './incident.ts';
import { issueBody, issueLabels, issueTitle } from './issue.ts';
import { regressedComment, resolvedComment } from './issue-comments.ts';
import { type IssueContent, failuresOf } from './issue-content.ts';
import { evidenceBlock } from './issue-evidence.ts';
import { statusBlock } from './issue-status.ts';
import { timelineBlock } from './issue-timeline.ts';
import type { Run } from './run.ts';

/** What the texts are made of, beyond the change itself. */
export interface TellInput {
  readonly hubs: readonly Hub[];
  readonly criteria: Criteria;
  /** Ends with a slash; null: links are left out. */
  readonly publicUrl: string | null;
  readonly labels: readonly string[];
  /** Names of the notifiers that take announcements. */
  readonly channels: readonly string[];
  /** The log of an incident before the change, oldest first. */
  readonly log: readonly IncidentEvent[];
  /** Of the members' hubs, newest first: the failed ones are shown. */
  readonly runs: readonly Run[];
  readonly now: Date;
  /** Gives ULIDs in ascending order: effects of one incident are told in the order of their ids. */
  readonly newId: () => string;
}

/** What a change has to tell the outside: its last event alone, for one that is overtaken at once needs no telling. */
export function tell({ incident, added }: Change, input: TellInput): readonly Effect[] {
  const event = added.at(-1);
  const hub = input.hubs.find(({ name }) => name === incident.members[0]?.hub);
  if (event === undefined || hub === undefined) return [];
  const { criteria, publicUrl, log } = input;
  const events = [...log, ...added];
  const content = { incident, hub, events, criteria, publicUrl, ...failuresOf(incident, input.runs) };
  return tellingsOf(event.kind, content, input.labels).map((telling) => {
    const id = input.newId();
    const head = {
      id,
      incident: incident.id,
      revision: event.revision,
      createdAt: input.now.toISOString(),
      notifier: ISSUES,
    };
    return { ...head, ...telling(id) };
  });
}

/** They take the effect's id, by which a comment is found again. */
function tellingsOf(
  kind: EventKind,
  content: IssueContent,
  labels: readonly string[],
): readonly ((effect: string) => Telling)[] {
  const current = { status: statusBlock(content), timeline: timelineBlock(content) };
  switch (kind) {
    case 'declared':
      return [
        () => ({
          kind: 'open-issue',
          title: issueTitle(content.incident),
          labels: issueLabels(labels, content.incident),
          body: issueBody(content),
        }),
      ];
    case 'mitigated':
      return [() => ({ kind: 'update-issue', blocks: current })];
    case 'regressed':
      return [
        (effect) => ({ kind: 'comment', body: regressedComment(effect, content) }),
        () => ({ kind: 'update-issue', blocks: { ...current, evidence: evidenceBlock(content) } }),
      ];
    case 'resolved':
      return [
        (effect) => ({ kind: 'comment', body: resolvedComment(effect, content) }),
        () => ({ kind: 'close-issue', blocks: current, reason: 'completed', duplicateOf: null }),
      ];
    default:
      return [];
  }
}
