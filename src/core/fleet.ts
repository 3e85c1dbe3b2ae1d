import { type Change, begin, extend, unchanged } from './change.ts';
import type { Criteria } from './criteria.ts';
import { USERS_CANNOT } from './criterion.ts';
import type { Hub } from './hub.ts';
import { type Incident, type IncidentState, isActive } from './incident.ts';
import { type MaintenanceWindow, mutedBy } from './maintenance.ts';
import { scopeName } from './scope.ts';
import { severityOf } from './severity.ts';
import { readableTime } from './time.ts';
import type { Verdict, VerdictKind } from './verdict.ts';

/** All that is known of all hubs at one moment. */
export interface FleetInput {
  readonly hubs: readonly Hub[];
  /** As they were stored last. */
  readonly verdictsBefore: readonly Verdict[];
  /** As they are now, of all hubs. */
  readonly verdicts: readonly Verdict[];
  /** Oldest first; see LIVE_STATES. */
  readonly live: readonly Incident[];
  /** The latest closed incident of each scope and criterion. */
  readonly past: readonly Incident[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Whether the world outside can be reached from here; null when that was not tried or there is nothing to try with. */
  readonly reachable: boolean | null;
  readonly now: Date;
  /** Gives ULIDs in ascending order. */
  readonly newId: () => string;
}

/** What has to change; `tell` makes of it what is told. */
export interface FleetDecision {
  readonly changes: readonly Change[];
  /** Sentences for the log. */
  readonly reasons: readonly string[];
}

/**
 * Compares what is (verdicts) with what has been declared (live incidents) and closes the gap. It looks at verdicts and
 * not at their changes, so nothing is lost by a crash in between or by a maintenance window that ends meanwhile.
 */
export function decideFleet(input: FleetInput): FleetDecision {
  const changes = input.verdicts
    .map((verdict) => changeFor(input, verdict))
    .filter((change) => change !== null);
  return {
    changes,
    reasons: [
      ...input.verdicts.flatMap((verdict) => turn(input, verdict)),
      ...changes.flatMap(({ incident, added }) => added.map((event) => told(incident, event))),
    ],
  };
}

function changeFor(input: FleetInput, verdict: Verdict): Change | null {
  const open = openFor(input, verdict);
  if (open !== undefined) return follow(open, verdict, input);
  if (verdict.verdict !== 'broken' || mutedBy(verdict.hub, input.now, input.maintenance) !== null)
    return null;
  return declare(input, verdict);
}

function openFor({ live }: FleetInput, { hub, criterion }: Verdict): Incident | undefined {
  return live.find(
    (incident) => isActive(incident) && incident.criterion === criterion && incident.scope.id === hub,
  );
}

function declare({ hubs, now, newId }: FleetInput, verdict: Verdict): Change | null {
  const [first] = verdict.runs;
  const hub = hubs.find(({ name }) => name === verdict.hub);
  if (first === undefined || hub === undefined) return null;
  const last = verdict.runs.at(-1) ?? first;
  return begin({
    incident: newId(),
    revision: 1,
    at: now.toISOString(),
    kind: 'declared',
    because: verdict.because,
    data: {
      run: first,
      lastFailedRun: last,
      scope: { kind: 'hub', id: verdict.hub },
      criterion: verdict.criterion,
      severity: severityOf(hub),
      startedAt: verdict.since,
      members: [
        {
          hub: verdict.hub,
          since: verdict.since,
          joinedAt: now.toISOString(),
          firstRun: first,
          lastFailedRun: last,
          wellSince: null,
        },
      ],
    },
  });
}

/** What must happen to an open incident so that it says what the verdict says. Suspect and unknown change nothing. */
const STEPS: Readonly<Record<IncidentState, Readonly<Partial<Record<VerdictKind, readonly Step[]>>>>> = {
  declared: { recovering: ['mitigated'], healthy: ['mitigated', 'resolved'] },
  acknowledged: { recovering: ['mitigated'], healthy: ['mitigated', 'resolved'] },
  mitigated: { broken: ['regressed'], healthy: ['resolved'] },
  resolved: {},
  dismissed: {},
  closed: {},
  merged: {},
};

type Step = 'mitigated' | 'regressed' | 'resolved';

function follow(incident: Incident, verdict: Verdict, { now }: FleetInput): Change | null {
  const steps = STEPS[incident.state][verdict.verdict] ?? [];
  const run = verdict.verdict === 'broken' ? verdict.runs.at(-1) : verdict.runs[0];
  const data = {
    ...(run === undefined ? {} : { run }),
    ...(verdict.verdict === 'broken' ? {} : { startedAt: verdict.since }),
  };
  const change = steps.reduce(
    (before, kind) => extend(before, { kind, at: now.toISOString(), because: verdict.because, data }),
    unchanged(incident),
  );
  return change.added.length === 0 ? null : change;
}

function turn(input: FleetInput, verdict: Verdict): string[] {
  const { verdictsBefore, now, maintenance } = input;
  const { hub, criterion } = verdict;
  const before =
    verdictsBefore.find((each) => each.hub === hub && each.criterion === criterion)?.verdict ?? 'unknown';
  if (before === verdict.verdict) return [];
  const sentence = `${hub}, ${criterion}: ${before} → ${verdict.verdict}, because ${verdict.because}`;
  const window = mutedBy(hub, now, maintenance);
  if (verdict.verdict !== 'broken' || window === null || openFor(input, verdict) !== undefined)
    return [sentence];
  return [
    sentence,
    `${hub} is under maintenance (${window.reason}): nothing is declared until ${readableTime(window.to)}`,
  ];
}

/** An event as the log says it. */
export function told({ id, scope, criterion }: Incident, { kind, because }: Change['added'][number]): string {
  return `incident ${id}, users of ${scopeName(scope)} can't ${USERS_CANNOT[criterion]}: ${kind}, because ${because}`;
}
