import { z } from 'zod';
import { CRITERIA } from '../core/criterion.ts';
import { EVENT_KINDS, INCIDENT_STATES, SEVERITIES } from '../core/incident.ts';
import {
  CRITERION_RESULTS,
  EVIDENCE_KINDS,
  OUTCOMES,
  OWNED_KINDS,
  STEP_STATUSES,
  TRIGGERS,
} from '../core/run.ts';
import { SCOPE_KINDS } from '../core/scope.ts';
import { VERDICTS } from '../core/verdict.ts';

/** What the HTTP interface takes and gives, for validation and for the OpenAPI document. */

const criterion = z.enum(CRITERIA);
const owned = z.object({ kind: z.enum(OWNED_KINDS), id: z.string() });

export const RunAnswer = z
  .object({
    id: z.string(),
    hub: z.string(),
    trigger: z.enum(TRIGGERS),
    attempt: z.number(),
    account: z.string().nullable(),
    startedAt: z.string(),
    finishedAt: z.string(),
    durationSeconds: z.number(),
    outcome: z.enum(OUTCOMES),
    criteria: z.partialRecord(criterion, z.enum(CRITERION_RESULTS)),
    failure: z
      .object({
        criterion: criterion.nullable(),
        step: z.string().nullable(),
        reason: z.string(),
        attribution: z.string(),
        message: z.string(),
      })
      .nullable(),
    steps: z.array(
      z.object({
        criterion,
        name: z.string(),
        status: z.enum(STEP_STATUSES),
        seconds: z.number().nullable(),
        note: z.string().optional(),
      }),
    ),
    slow: z.array(z.object({ step: z.string(), seconds: z.number(), limitSeconds: z.number() })),
    cleanup: z.object({
      status: z.enum(['clean', 'leaked']),
      left: z.array(owned.extend({ why: z.string().optional() })),
      removed: z.array(owned),
      seconds: z.number().nullable(),
    }),
    hubVersion: z.string().nullable(),
    hubRestarted: z.boolean().optional(),
    leftOut: z.string().optional(),
    evidence: z.array(z.object({ kind: z.enum(EVIDENCE_KINDS), file: z.string() })),
    evidenceDropped: z
      .array(z.object({ kind: z.enum(EVIDENCE_KINDS), why: z.string() }))
      .optional()
      .describe('what was to be kept and is not: it could not be had, or might have held a secret'),
  })
  .meta({ id: 'Run' });

/** A run that has been accepted and has not ended. */
export const FlightAnswer = z
  .object({
    id: z.string(),
    hub: z.string(),
    trigger: z.enum(TRIGGERS),
    attempt: z.number(),
    status: z.enum(['queued', 'running']),
    queuedAt: z.string(),
    startedAt: z.string().nullable(),
  })
  .meta({ id: 'Flight' });

export const HubAnswer = z
  .object({
    name: z.string(),
    url: z.string(),
    cluster: z.string().nullable(),
    tier: z.string(),
    criteria: z.partialRecord(
      criterion,
      z.object({ verdict: z.enum(VERDICTS), since: z.string().nullable(), because: z.string() }),
    ),
    lastRun: RunAnswer.nullable(),
    nextRun: z.string().nullable(),
    run: FlightAnswer.nullable().describe('the run in flight'),
  })
  .meta({ id: 'Hub' });

export const IncidentAnswer = z
  .object({
    id: z.string(),
    scope: z.object({ kind: z.enum(SCOPE_KINDS), id: z.string() }),
    criterion,
    severity: z.enum(SEVERITIES),
    state: z.enum(INCIDENT_STATES),
    startedAt: z.string(),
    declaredAt: z.string(),
    acknowledgedAt: z.string().nullable(),
    assignees: z.array(z.string()),
    recoveredAt: z.string().nullable(),
    resolvedAt: z.string().nullable(),
    closedAt: z.string().nullable(),
    revision: z.number(),
    issue: z.object({ number: z.number(), url: z.string() }).nullable(),
    firstRun: z.string(),
    lastFailedRun: z.string(),
    members: z.array(
      z.object({
        hub: z.string(),
        since: z.string(),
        joinedAt: z.string(),
        firstRun: z.string(),
        lastFailedRun: z.string(),
        wellSince: z.string().nullable(),
      }),
    ),
    isFlapping: z.boolean(),
    previous: z.string().nullable().describe('the closed incident of the same fault before this one'),
    mergedInto: z.string().nullable().describe('the incident that absorbed this one'),
  })
  .meta({ id: 'Incident' });

export const IncidentWithEvents = IncidentAnswer.extend({
  events: z.array(
    z.object({ revision: z.number(), at: z.string(), kind: z.enum(EVENT_KINDS), because: z.string() }),
  ),
}).meta({ id: 'IncidentWithEvents' });

export const ProblemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export const HubParams = z.object({ hub: z.string() });
export const IdParams = z.object({
  id: z.string().regex(/^[0-9A-Z]{26}$/, 'not the id of a run or incident'),
});

export const RunsQuery = z.strictObject({
  hub: z.string().optional(),
  outcome: z.enum(OUTCOMES).optional(),
  criterion: criterion.optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const WantedRun = z
  .strictObject({
    probes: z.array(criterion).min(1).optional(),
    reason: z.string().max(500).optional(),
  })
  .nullish()
  .describe('may be left out: all that the hub is probed for');
