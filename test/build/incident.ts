import { ulid } from 'ulid';
import type { Effect, Incident, IncidentEvent } from '../../src/core/incident.ts';

const AT = '2026-11-24T09:05:00.000Z';

export function anIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: ulid(),
    scope: { kind: 'hub', id: 'staging' },
    criterion: 'server',
    severity: 'high',
    state: 'open',
    startedAt: '2026-11-24T09:00:00.000Z',
    declaredAt: AT,
    recoveredAt: null,
    resolvedAt: null,
    revision: 1,
    issue: null,
    firstRun: 'run-1',
    lastFailedRun: 'run-1',
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
    kind: 'comment',
    body: `<!-- hubcanary:effect id=${id} -->\n${body}`,
  };
}
