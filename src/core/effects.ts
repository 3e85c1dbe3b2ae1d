import type { Change } from './change.ts';
import type { DecideInput } from './decision.ts';
import type { Effect, IncidentEvent, Telling } from './incident.ts';
import { issueBody, issueLabels, issueTitle } from './issue.ts';
import { regressedComment, resolvedComment } from './issue-comments.ts';
import { type IssueContent, failuresOf } from './issue-content.ts';
import { evidenceBlock } from './issue-evidence.ts';
import { statusBlock } from './issue-status.ts';
import { timelineBlock } from './issue-timeline.ts';

/** What a change has to tell the outside: its last event alone, for one that is overtaken at once needs no telling. */
export function effectsOf(change: Change, input: DecideInput): readonly Effect[] {
  const event = change.added.at(-1);
  if (event === undefined) return [];
  const { incident, events } = change;
  const { hub, criteria, publicUrl } = input;
  const content = { incident, hub, events, criteria, publicUrl, ...failuresOf(incident, input.runs) };
  return tellingsOf(event.kind, content, input.labels).map((telling) => {
    const id = input.newId();
    const head = { id, incident: incident.id, revision: event.revision, createdAt: input.now.toISOString() };
    return { ...head, ...telling(id) };
  });
}

/** They take the effect's id, by which a comment is found again. */
function tellingsOf(
  kind: IncidentEvent['kind'],
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
    case 'recovering':
      return [() => ({ kind: 'update-issue', blocks: current })];
    case 'regressed':
      return [
        (effect) => ({ kind: 'comment', body: regressedComment(effect, content) }),
        () => ({ kind: 'update-issue', blocks: { ...current, evidence: evidenceBlock(content) } }),
      ];
    case 'resolved':
      return [
        (effect) => ({ kind: 'comment', body: resolvedComment(effect, content) }),
        () => ({ kind: 'close-issue', blocks: current }),
      ];
    case 'issue-opened':
      return [];
  }
}
