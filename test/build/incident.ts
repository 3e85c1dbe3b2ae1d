import { ulid } from 'ulid';
import { type Effect, ISSUES } from '../../src/core/effect.ts';
import type { Incident, IncidentEvent, Member } from '../../src/core/incident.ts';

const AT = '2026-11-24T09:05:00.000Z';

const SINCE = '2026-11-24T09:00:00.000Z';

export function aMember(changes: Partial<Member> = {}): Member {
  return {
    hub: 'staging',
    since: SINCE,
    joinedAt: AT,
    firstRun: 'run-1',
    lastFailedRun: 'run-1',
    wellSince: null,
    ...changes,
  };
}

export function anIncident(changes: Partial<Incident> = {}): Incident {
  const scope = changes.scope ?? { kind: 'hub' as const, id: 'staging' };
  return {
    id: ulid(),
    scope,
    criterion: 'server',
    severity: 'high',
    state: 'declared',
    startedAt: SINCE,
    declaredAt: AT,
    acknowledgedAt: null,
    assignees: [],
    recoveredAt: null,
    resolvedAt: null,
    closedAt: null,
    revision: 1,
    issue: null,
    issueIsGone: false,
    firstRun: 'run-1',
    lastFailedRun: 'run-1',
    members: [aMember({ hub: scope.id })],
    membersChangedAt: AT,
    brokeAt: [AT],
    isFlapping: false,
    isKeptOpen: false,
    previous: null,
    mergedInto: null,
    ...changes,
  };
}

/** The event that leads to this incident's revision. */
export function anEventOf(incident: Incident, changes: Partial<IncidentEvent> = {}): IncidentEvent {
  return {
    incident: incident.id,
    revision: incident.revision,
    at: AT,
    kind: 'declared',
    because: 'all confirming runs failed',
    data: {
      run: incident.firstRun,
      scope: incident.scope,
      criterion: incident.criterion,
      severity: incident.severity,
      startedAt: incident.startedAt,
      members: incident.members,
    },
    ...changes,
  };
}

export function anOpenIssueFor(incident: Incident): Effect {
  return {
    id: ulid(),
    incident: incident.id,
    revision: incident.revision,
    createdAt: AT,
    notifier: ISSUES,
    kind: 'open-issue',
    title: `[Incident] ${incident.scope.id}: users can't start a server`,
    labels: ['type: Hub Incident'],
    body: `<!-- hubcanary:incident id=${incident.id} -->\ntext`,
  };
}

export function aCommentFor(incident: Incident, body = 'a comment'): Effect {
  const id = ulid();
  return {
    id,
    incident: incident.id,
    revision: incident.revision,
    createdAt: AT,
    notifier: ISSUES,
    kind: 'comment',
    body: `<!-- hubcanary:effect id=${id} -->\n${body}`,
  };
}

export function anAnnouncementFor(incident: Incident, notifier = 'webhook:chat') {
  return {
    id: ulid(),
    incident: incident.id,
    revision: incident.revision,
    createdAt: AT,
    notifier,
    kind: 'announce',
    what: 'declared',
    title: `${incident.scope.id}: users can't start a server`,
    text: 'All confirming runs failed.',
    fields: { Since: '2026-11-24 09:00 UTC' },
  } as const satisfies Effect;
}
