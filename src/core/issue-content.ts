import type { Criteria } from './criteria.ts';
import type { Hub } from './hub.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import type { Run } from './run.ts';

/** Everything the texts about one incident are made of. */
export interface IssueContent {
  readonly incident: Incident;
  /** The configured hubs; a member that is no longer among them is named all the same. */
  readonly hubs: readonly Hub[];
  /** The whole log so far, oldest first. */
  readonly events: readonly IncidentEvent[];
  /** The failed runs of the incident that are still at hand, oldest first. */
  readonly failures: readonly Run[];
  /** Not all runs are at hand, so there may have been more failures. */
  readonly mayBeMore: boolean;
  /** Incidents that this one may speak of: what it was merged into, what came before. */
  readonly others: readonly Incident[];
  readonly criteria: Criteria;
  /** Ends with a slash; null: links are left out. */
  readonly publicUrl: string | null;
}

/** Whether a hub is still looked at for what the incident is about: else nobody knows how it is. */
export function isStillWatched(
  { incident, hubs }: Pick<IssueContent, 'incident' | 'hubs'>,
  hub: string,
): boolean {
  return hubs.some(({ name, probes }) => name === hub && probes.includes(incident.criterion));
}

export function isAnyWatched(content: Pick<IssueContent, 'incident' | 'hubs'>): boolean {
  return content.incident.members.some(({ hub }) => isStillWatched(content, hub));
}

/** The moment of what is told: that of the latest event. */
export function tellingAt({ incident, events }: IssueContent): string {
  return events.at(-1)?.at ?? incident.declaredAt;
}

/** The failed runs of an incident among `runs`. @param runs of its members' hubs, newest first */
export function failuresOf(
  { criterion, startedAt, firstRun, members }: Incident,
  runs: readonly Run[],
): Pick<IssueContent, 'failures' | 'mayBeMore'> {
  const hubs = new Set(members.map(({ hub }) => hub));
  const failures = runs
    .filter(
      (run) =>
        hubs.has(run.hub) &&
        run.outcome === 'failed' &&
        run.criteria[criterion] === 'failed' &&
        run.startedAt >= startedAt,
    )
    .toReversed();
  const seen = new Set(failures.map(({ hub }) => hub));
  return {
    failures,
    mayBeMore: failures.every((run) => run.id !== firstRun) || members.some(({ hub }) => !seen.has(hub)),
  };
}

/** `#7`, as GitHub links it; null when there is no issue (yet). */
export function issueOf(others: readonly Incident[], id: string | null): string | null {
  const issue = others.find((other) => other.id === id)?.issue;
  return issue ? `#${issue.number}` : null;
}
