import { announcementOf } from './announcement.ts';
import type { Change } from './change.ts';
import type { Criteria } from './criteria.ts';
import { type Effect, ISSUES, type Telling } from './effect.ts';
import type { Hub } from './hub.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import { FLAPPING_LABEL, currentBlocks, issueBody, issueLabels, issueTitle } from './issue.ts';
import {
  flappingComment,
  mergedComment,
  regressedComment,
  rejoinedComment,
  reopenedComment,
  resolvedComment,
  widenedComment,
} from './issue-comments.ts';
import { type IssueContent, failuresOf } from './issue-content.ts';
import { evidenceBlock } from './issue-evidence.ts';
import { type News, newsOf } from './news.ts';
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
  /** The other incidents as they are after the decision, and those of the past: the text names some. */
  readonly others: readonly Incident[];
  readonly now: Date;
  /** Gives ULIDs in ascending order: effects of one incident are told in the order of their ids. */
  readonly newId: () => string;
}

/** What a change has to tell the outside: all of it at once, under its last event. */
export function tell(change: Change, input: TellInput): readonly Effect[] {
  const { incident, added } = change;
  const last = added.at(-1);
  if (last === undefined) return [];
  const { criteria, publicUrl, log, hubs, others } = input;
  const content: IssueContent = {
    incident,
    hubs,
    events: [...log, ...added],
    ...failuresOf(incident, input.runs),
    others,
    criteria,
    publicUrl,
  };
  const news = newsOf(change, log, criteria);
  const toIssue = incident.issueIsGone ? [] : issueTellings(news, change, content, input.labels);
  const announcement = announcementOf(news, content);
  const announced = announcement === null ? [] : [() => announcement];
  const told = [
    ...toIssue.map((telling) => ({ notifier: ISSUES, telling })),
    ...input.channels.flatMap((notifier) => announced.map((telling) => ({ notifier, telling }))),
  ];
  return told.map(({ notifier, telling }) => {
    const id = input.newId();
    const head = {
      id,
      incident: incident.id,
      revision: last.revision,
      createdAt: input.now.toISOString(),
      notifier,
    };
    return { ...head, ...telling(id) };
  });
}

/** They take the effect's id, by which a comment is found again. */
type IssueTelling = (effect: string) => Telling;

function issueTellings(
  news: News,
  change: Change,
  content: IssueContent,
  labels: readonly string[],
): readonly IssueTelling[] {
  const current = currentBlocks(content);
  const whole = { ...current, evidence: evidenceBlock(content) };
  const update = (
    blocks: Readonly<Record<string, string>>,
    more: Partial<UpdateIssue> = {},
  ): IssueTelling => {
    return () => ({ kind: 'update-issue', blocks, ...more });
  };
  const comment = (text: (effect: string, content: IssueContent) => string): IssueTelling => {
    return (effect) => ({ kind: 'comment', body: text(effect, content) });
  };
  const flags = change.incident.isFlapping ? { addLabels: [FLAPPING_LABEL] } : {};
  switch (news) {
    case 'nothing':
      return [];
    case 'quietly':
      return [update(current)];
    case 'declared':
      return [
        () => ({
          kind: 'open-issue',
          title: issueTitle(content.incident),
          labels: issueLabels(labels, content.incident),
          body: issueBody(content),
        }),
      ];
    case 'widened':
      return [update(whole, { ...flags, ...titleChange(change) }), comment(widenedComment)];
    case 'rejoined':
      return [comment(rejoinedComment), update(whole)];
    case 'regressed':
      return [comment(regressedComment), update(whole)];
    case 'flapping':
      return [
        ...reopening(change, whole),
        comment(flappingComment),
        update(whole, { ...flags, ...titleChange(change) }),
      ];
    case 'reopened':
      return [
        ...reopening(change, whole),
        comment(reopenedComment),
        ...(change.incident.isFlapping ? [update(whole, flags)] : []),
      ];
    case 'resolved':
      return [
        comment(resolvedComment),
        ...(change.added.some(({ kind }) => kind === 'steady')
          ? [update(current, { removeLabels: [FLAPPING_LABEL] })]
          : []),
        () => ({ kind: 'close-issue', blocks: current, reason: 'completed', duplicateOf: null }),
      ];
    case 'merged':
      return [
        comment(mergedComment),
        () => ({
          kind: 'close-issue',
          blocks: current,
          reason: 'duplicate',
          duplicateOf: content.others.find(({ id }) => id === content.incident.mergedInto)?.issue ?? null,
        }),
      ];
  }
}

type UpdateIssue = Extract<Telling, { kind: 'update-issue' }>;

function reopening({ added }: Change, blocks: Readonly<Record<string, string>>): readonly IssueTelling[] {
  return added.some(({ kind }) => kind === 'reopened') ? [() => ({ kind: 'reopen-issue', blocks })] : [];
}

function titleChange({ before, incident }: Change): Pick<UpdateIssue, 'title'> {
  if (before === null) return {};
  const title = { from: issueTitle(before), to: issueTitle(incident) };
  return title.from === title.to ? {} : { title };
}
