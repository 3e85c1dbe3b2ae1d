import { USERS_CANNOT } from './criterion.ts';
import { type Change, begin, extend } from './change.ts';
import { effectsOf } from './effects.ts';
import type { DecideInput, Decision, OpenIncident } from './decision.ts';
import type { Incident, IncidentEvent, IncidentState } from './incident.ts';
import { mutedBy } from './maintenance.ts';
import { severityOf } from './severity.ts';
import { readableTime } from './time.ts';
import type { Verdict, VerdictKind } from './verdict.ts';

/**
 * Compares what is (verdicts) with what has been declared (open incidents) and closes the gap. It looks at verdicts and
 * not at their changes, so nothing is lost by a crash in between or by a maintenance window that ends meanwhile.
 * Every criterion has at most one open incident per hub.
 */
export function decide(input: DecideInput): Decision {
  const changes = input.verdicts
    .map((verdict) => changeFor(input, verdict))
    .filter((change) => change !== null);
  return {
    incidents: changes.map(({ incident }) => incident),
    events: changes.flatMap(({ added }) => added),
    effects: changes.flatMap((change) => effectsOf(change, input)),
    reasons: [
      ...input.verdicts.flatMap((verdict) => turn(input, verdict)),
      ...changes.flatMap(({ incident, added }) => added.map((event) => told(incident, event))),
    ],
  };
}

function changeFor(input: DecideInput, verdict: Verdict): Change | null {
  const open = input.openIncidents.find(({ incident }) => incident.criterion === verdict.criterion);
  if (open !== undefined) return follow(open, verdict, input);
  if (verdict.verdict !== 'broken' || mutedBy(input.hub.name, input.now, input.maintenance) !== null)
    return null;
  return declare(input, verdict);
}

function declare({ hub, now, newId }: DecideInput, verdict: Verdict): Change | null {
  const [first] = verdict.runs;
  if (first === undefined) return null;
  return begin({
    incident: newId(),
    revision: 1,
    at: now.toISOString(),
    kind: 'declared',
    because: verdict.because,
    data: {
      run: first,
      lastFailedRun: verdict.runs.at(-1) ?? first,
      scope: { kind: 'hub', id: hub.name },
      criterion: verdict.criterion,
      severity: severityOf(hub),
      startedAt: verdict.since,
    },
  });
}

/** What must happen to an open incident so that it says what the verdict says. Suspect and unknown change nothing. */
const STEPS: Readonly<Record<IncidentState, Readonly<Partial<Record<VerdictKind, readonly Step[]>>>>> = {
  open: { recovering: ['recovering'], healthy: ['recovering', 'resolved'] },
  recovering: { broken: ['regressed'], healthy: ['resolved'] },
  resolved: {},
};

type Step = 'recovering' | 'regressed' | 'resolved';

function follow({ incident, events }: OpenIncident, verdict: Verdict, { now }: DecideInput): Change | null {
  const steps = STEPS[incident.state][verdict.verdict] ?? [];
  const unchanged: Change = { incident, events, added: [] };
  const run = verdict.verdict === 'broken' ? verdict.runs.at(-1) : verdict.runs[0];
  const data = {
    ...(run === undefined ? {} : { run }),
    ...(verdict.verdict === 'broken' ? {} : { startedAt: verdict.since }),
  };
  const change = steps.reduce(
    (before, kind) => extend(before, { kind, at: now.toISOString(), because: verdict.because, data }),
    unchanged,
  );
  return change.added.length === 0 ? null : change;
}

function turn(
  { hub, verdictsBefore, now, maintenance, openIncidents }: DecideInput,
  verdict: Verdict,
): string[] {
  const before =
    verdictsBefore.find(({ criterion }) => criterion === verdict.criterion)?.verdict ?? 'unknown';
  if (before === verdict.verdict) return [];
  const sentence = `${hub.name}, ${verdict.criterion}: ${before} → ${verdict.verdict}, because ${verdict.because}`;
  const window = mutedBy(hub.name, now, maintenance);
  const declared = openIncidents.some(({ incident }) => incident.criterion === verdict.criterion);
  if (verdict.verdict !== 'broken' || window === null || declared) return [sentence];
  return [
    sentence,
    `${hub.name} is under maintenance (${window.reason}): nothing is declared until ${readableTime(window.to)}`,
  ];
}

function told({ id, scope, criterion }: Incident, { kind, because }: IncidentEvent): string {
  return `incident ${id}, users of ${scope.id} can't ${USERS_CANNOT[criterion]}: ${kind}, because ${because}`;
}
