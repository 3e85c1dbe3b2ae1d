import type { Criteria } from './criteria.ts';
import type { Hub } from './hub.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import type { Run } from './run.ts';

/** Everything the texts about one incident are made of. */
export interface IssueContent {
  readonly incident: Incident;
  readonly hub: Hub;
  /** The whole log so far, oldest first. */
  readonly events: readonly IncidentEvent[];
  /** The failed runs of the incident that are still at hand, oldest first. */
  readonly failures: readonly Run[];
  /** Older runs were cut off, so there may have been more failures. */
  readonly mayBeMore: boolean;
  readonly criteria: Criteria;
  /** Ends with a slash; null: links are left out. */
  readonly publicUrl: string | null;
}

/** The failed runs of an incident among `runs`. @param runs newest first */
export function failuresOf(
  { criterion, startedAt, firstRun }: Incident,
  runs: readonly Run[],
): Pick<IssueContent, 'failures' | 'mayBeMore'> {
  const failures = runs
    .filter(
      (run) => run.outcome === 'failed' && run.criteria[criterion] === 'failed' && run.startedAt >= startedAt,
    )
    .toReversed();
  return { failures, mayBeMore: failures.every((run) => run.id !== firstRun) };
}
