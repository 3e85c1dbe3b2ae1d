import { z } from 'zod';
import { CRITERIA } from '../core/criterion.ts';
import type { Effect } from '../core/effect.ts';
import {
  EVENT_KINDS,
  INCIDENT_STATES,
  type Incident,
  type IncidentEvent,
  type Member,
  SEVERITIES,
} from '../core/incident.ts';
import { ATTRIBUTIONS, REASONS } from '../core/reason.ts';
import {
  CRITERION_RESULTS,
  EVIDENCE_KINDS,
  OUTCOMES,
  OWNED_KINDS,
  type Run,
  STEP_STATUSES,
  TRIGGERS,
} from '../core/run.ts';
import { SCOPE_KINDS } from '../core/scope.ts';
import { VERDICTS, type Verdict } from '../core/verdict.ts';
import { type BegunRun, StoreError } from './store.ts';

/** The shapes that rows must have when they come back from the database. */

const criterion = z.enum(CRITERIA);
/** Not in records from before there could be two. */
const account = z.string().nullable().default(null);
const owned = z.object({ kind: z.enum(OWNED_KINDS), id: z.string() });

export const RunRecord: z.ZodType<Run> = z.object({
  id: z.string(),
  hub: z.string(),
  trigger: z.enum(TRIGGERS),
  attempt: z.number(),
  account,
  startedAt: z.string(),
  finishedAt: z.string(),
  durationSeconds: z.number(),
  outcome: z.enum(OUTCOMES),
  criteria: z.partialRecord(criterion, z.enum(CRITERION_RESULTS)),
  failure: z
    .object({
      criterion: criterion.nullable(),
      step: z.string().nullable(),
      reason: z.enum([...REASONS, 'aborted']),
      attribution: z.enum(ATTRIBUTIONS),
      message: z.string(),
    })
    .nullable(),
  steps: z.array(
    z.object({
      criterion,
      name: z.string(),
      status: z.enum(STEP_STATUSES),
      seconds: z.number().nullable(),
      note: z.string().exactOptional(),
    }),
  ),
  slow: z.array(z.object({ step: z.string(), seconds: z.number(), limitSeconds: z.number() })),
  cleanup: z.object({
    status: z.enum(['clean', 'leaked']),
    left: z.array(owned.extend({ why: z.string().exactOptional() })),
    removed: z.array(owned),
    // Not in records from before it was measured.
    seconds: z.number().nullable().default(null),
  }),
  hubVersion: z.string().nullable(),
  hubRestarted: z.boolean().exactOptional(),
  leftOut: z.string().exactOptional(),
  evidence: z.array(z.object({ kind: z.enum(EVIDENCE_KINDS), file: z.string() })),
  evidenceDropped: z.array(z.object({ kind: z.enum(EVIDENCE_KINDS), why: z.string() })).exactOptional(),
});

export const BegunRunRecord: z.ZodType<BegunRun> = z.object({
  id: z.string(),
  hub: z.string(),
  trigger: z.enum(TRIGGERS),
  attempt: z.number(),
  account,
  startedAt: z.string(),
  criteria: z.array(criterion),
});

export const VerdictRecord: z.ZodType<Verdict> = z.object({
  hub: z.string(),
  criterion,
  verdict: z.enum(VERDICTS),
  since: z.string(),
  runs: z.array(z.string()),
  because: z.string(),
  // Verdicts that were stored before there were these know nothing of them.
  toldAt: z.string().nullable().default(null),
  triedAt: z.string().nullable().default(null),
  failure: z
    .object({
      reason: z.enum([...REASONS, 'aborted']),
      attribution: z.enum(ATTRIBUTIONS),
      firstEndedAt: z.string(),
    })
    .nullable()
    .default(null),
});

const scope = z.object({ kind: z.enum(SCOPE_KINDS), id: z.string() });
const issue = z.object({ number: z.number(), url: z.string() });
const severity = z.enum(SEVERITIES);
const member: z.ZodType<Member> = z.object({
  hub: z.string(),
  since: z.string(),
  joinedAt: z.string(),
  firstRun: z.string(),
  lastFailedRun: z.string(),
  wellSince: z.string().nullable(),
});

export const IncidentRecord: z.ZodType<Incident> = z.object({
  id: z.string(),
  scope,
  criterion,
  severity,
  state: z.enum(INCIDENT_STATES),
  startedAt: z.string(),
  declaredAt: z.string(),
  acknowledgedAt: z.string().nullable(),
  assignees: z.array(z.string()),
  recoveredAt: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  revision: z.number(),
  issue: issue.nullable(),
  issueIsGone: z.boolean(),
  firstRun: z.string(),
  lastFailedRun: z.string(),
  members: z.array(member),
  membersChangedAt: z.string(),
  brokeAt: z.array(z.string()),
  isFlapping: z.boolean(),
  isKeptOpen: z.boolean(),
  previous: z.string().nullable(),
  mergedInto: z.string().nullable(),
});

export const IncidentEventRecord: z.ZodType<IncidentEvent> = z.object({
  incident: z.string(),
  revision: z.number(),
  at: z.string(),
  kind: z.enum(EVENT_KINDS),
  because: z.string(),
  data: z.object({
    run: z.string().exactOptional(),
    lastFailedRun: z.string().exactOptional(),
    scope: scope.exactOptional(),
    criterion: criterion.exactOptional(),
    severity: severity.exactOptional(),
    startedAt: z.string().exactOptional(),
    issue: issue.exactOptional(),
    members: z.array(member).exactOptional(),
    other: z.string().exactOptional(),
    assignees: z.array(z.string()).exactOptional(),
  }),
});

const effectHead = {
  id: z.string(),
  incident: z.string(),
  revision: z.number(),
  createdAt: z.string(),
  notifier: z.string(),
};
const blocks = z.record(z.string(), z.string());

export const EffectRecord: z.ZodType<Effect> = z.discriminatedUnion('kind', [
  z.object({
    ...effectHead,
    kind: z.literal('open-issue'),
    title: z.string(),
    labels: z.array(z.string()),
    body: z.string(),
  }),
  z.object({
    ...effectHead,
    kind: z.literal('update-issue'),
    blocks,
    title: z.object({ from: z.string(), to: z.string() }).exactOptional(),
    addLabels: z.array(z.string()).exactOptional(),
    removeLabels: z.array(z.string()).exactOptional(),
  }),
  z.object({ ...effectHead, kind: z.literal('comment'), body: z.string() }),
  z.object({
    ...effectHead,
    kind: z.literal('close-issue'),
    blocks,
    reason: z.enum(['completed', 'duplicate']),
    duplicateOf: issue.nullable(),
  }),
  z.object({ ...effectHead, kind: z.literal('reopen-issue'), blocks }),
  z.object({
    ...effectHead,
    kind: z.literal('announce'),
    what: z.enum(EVENT_KINDS),
    title: z.string(),
    text: z.string(),
    fields: z.record(z.string(), z.string()),
  }),
]);

/** A row's JSON, checked. @throws StoreError `corrupt`, naming the row. */
export function readRecord<T>(schema: z.ZodType<T>, json: string, row: string): T {
  const parsed = schema.safeParse(jsonOf(json));
  if (parsed.success) return parsed.data;
  throw new StoreError(
    'corrupt',
    `${row} in the store is not what it should be; it was left as it is: restore a backup, or report a bug if no file was damaged. ${z.prettifyError(parsed.error)}`,
    parsed.error,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what is missing, with the row's name.
    return undefined;
  }
}
