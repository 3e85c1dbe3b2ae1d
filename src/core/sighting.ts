import { type Change, extend, unchanged } from './change.ts';
import { type Incident, type IncidentEventData, isActive, isLive } from './incident.ts';
import { plain } from './markdown.ts';

/** What an incident's issue looked like at one moment: read from GitHub, to see what humans did there. */
export interface IssueSighting {
  readonly incident: string;
  /** Where it is now; other than known when it was transferred. */
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed';
  /** `completed`, `not_planned`, `duplicate`, `reopened`, or null. */
  readonly stateReason: string | null;
  /** Logins, as GitHub spells them. */
  readonly assignees: readonly string[];
  readonly locked: boolean;
  /** It was deleted; the fields above are as they were known. */
  readonly gone: boolean;
  /** ISO 8601 UTC: when it was looked at. */
  readonly at: string;
}

/**
 * What humans did on the issue since it was looked at last, as it follows from the incident's row. To be asked only for an
 * incident of which all has been told: else our own acts, still under way, would be taken for theirs.
 * Their word holds: what they closed is not opened again but by a new failure, and what they opened is theirs to close.
 * @param isTaken whether another incident looks after the same fault: one that is opened again beside it stays as it is
 */
export function actsOf(incident: Incident, sighting: IssueSighting, isTaken: boolean): Change {
  const start = unchanged(incident);
  if (incident.issue === null || incident.issueIsGone || !isLive(incident)) return start;
  if (sighting.gone) {
    return extend(start, { ...said(sighting, 'the issue was deleted on GitHub'), kind: 'issue-gone' });
  }
  const acts = isTaken && !isActive(incident) ? [moved, taken] : [moved, taken, closedOrOpened];
  return acts.reduce((change, act) => act(change, sighting), start);
}

/** The same for many, among all incidents that are live. Only those to which something was done. */
export function actsAmong(
  live: readonly Incident[],
  sighted: readonly { readonly incident: Incident; readonly sighting: IssueSighting }[],
): readonly Change[] {
  const rows = new Map(live.map((incident) => [incident.id, incident]));
  const changes: Change[] = [];
  for (const { incident, sighting } of sighted) {
    const isTaken = [...rows.values()].some((other) => looksAfterFaultOf(other, incident));
    const change = actsOf(incident, sighting, isTaken);
    rows.set(incident.id, change.incident);
    if (change.added.length > 0) changes.push(change);
  }
  return changes;
}

function looksAfterFaultOf(other: Incident, { id, scope, criterion }: Incident): boolean {
  if (other.id === id || !(isActive(other) || other.state === 'dismissed')) return false;
  return other.criterion === criterion && other.scope.kind === scope.kind && other.scope.id === scope.id;
}

type Act = (change: Change, sighting: IssueSighting) => Change;

const moved: Act = (change, sighting) => {
  const { number, url } = sighting;
  const known = change.incident.issue;
  if (known?.number === number && known.url === url) return change;
  const because = `the issue was moved on GitHub and is number ${number} now`;
  return extend(change, { ...said(sighting, because, { issue: { number, url } }), kind: 'issue-moved' });
};

const taken: Act = (change, sighting) => {
  const assignees = sighting.assignees.toSorted();
  if (assignees.join() === change.incident.assignees.join()) return change;
  if (assignees.length === 0) {
    return extend(change, {
      ...said(sighting, 'nobody is assigned to the issue any more'),
      kind: 'unacknowledged',
    });
  }
  const names = assignees.map((name) => plain(name, NAME_MAX)).join(', ');
  return extend(change, {
    ...said(sighting, `assigned to ${names} on GitHub`, { assignees }),
    kind: 'acknowledged',
  });
};

const closedOrOpened: Act = (change, sighting) => {
  const { incident } = change;
  if (sighting.state === 'open') {
    if (isActive(incident)) return change;
    return extend(change, {
      ...said(sighting, 'the issue was opened again on GitHub'),
      kind: 'reopened-by-human',
    });
  }
  if (!isActive(incident)) return change;
  const reason = sighting.stateReason ?? 'completed';
  const because = `the issue was closed on GitHub as ${plain(reason.replaceAll('_', ' '), NAME_MAX)}`;
  const kind = MUTING.includes(reason) ? 'dismissed' : 'closed-by-human';
  return extend(change, { ...said(sighting, because), kind });
};

/** Whoever closes it like this does not want to hear of it here: not at all, or elsewhere. */
const MUTING: readonly string[] = ['not_planned', 'duplicate'];
const NAME_MAX = 60;

function said({ at }: IssueSighting, because: string, data: IncidentEventData = {}) {
  return { at, because, data };
}
