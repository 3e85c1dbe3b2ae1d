import { count } from '../config/message.ts';
import { USERS_CANNOT } from '../core/criterion.ts';
import { scopeName } from '../core/scope.ts';
import { msBetween, readableSpan, readableTime } from '../core/time.ts';
import { type Match, type Tally, compare, overAt, secondsToDeclare, tally } from '../trial/compare.ts';
import type { Entry } from '../trial/ledger.ts';
import type { Replayed } from './replay.ts';
import type { Paint } from './report.ts';
import { exactSpan } from './span.ts';
import { tableOf } from './table.ts';

/** What a replay came to, for people. */
export function replayReport({ record, replay, trial }: Replayed, paint: Paint): string {
  const { fromMs, toMs, runs, incidents: actual } = record;
  const matches = compare(actual, trial);
  const confirming = runs.filter(({ trigger }) => trigger === 'confirm').length;
  const lines = [
    `${timeOf(fromMs)} to ${timeOf(toMs)}: ${count(runs.length, 'run')} on record, ${confirming} of them confirming`,
    '',
    ...(matches.length === 0
      ? ['  nothing was declared, and nothing would have been']
      : tableOf([HEAD, ...matches.flatMap(rowsOf)])),
    '',
    `was declared       ${summary(tally(actual))}`,
    `would be declared  ${summary(tally(trial))}`,
    ...differences(matches).map((line) => paint('yellow', line)),
    ...missingLines(replay.missing).map((line, index) => (index === 0 ? paint('yellow', line) : line)),
    ...(replay.leftOut.length === 0
      ? []
      : [
          `${count(replay.leftOut.length, 'confirming run')} on record left out: by these criteria nobody would have asked for ${replay.leftOut.length === 1 ? 'it' : 'them'}`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same for programs. Times are ISO 8601 UTC, durations seconds. */
export function replayJson({ record, replay, trial }: Replayed): unknown {
  const { fromMs, toMs, runs, incidents: actual } = record;
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    runs: runs.length,
    actual: { ...tally(actual), incidents: actual.map(incidentJson) },
    trial: { ...tally(trial), incidents: trial.map(incidentJson) },
    matches: compare(actual, trial).map((match) => ({
      actual: match.actual.map(({ incident }) => incident.id),
      trial: match.trial.map(({ incident }) => incident.id),
    })),
    confirmations: {
      onRecord: replay.confirmed,
      missing: replay.missing,
      leftOut: replay.leftOut.map(({ id }) => id),
    },
  };
}

function incidentJson({ incident }: Entry): unknown {
  const { id, scope, criterion, severity, state, members, startedAt, declaredAt, resolvedAt } = incident;
  const hubs = members.map(({ hub }) => hub);
  const toDeclare = secondsToDeclare(incident);
  return {
    id,
    scope,
    criterion,
    severity,
    state,
    hubs,
    startedAt,
    declaredAt,
    resolvedAt,
    secondsToDeclare: toDeclare,
  };
}

const HEAD = ['users of', "can't", 'since', 'was declared', 'would be declared', ''];

/** The first of each side in one line, what else there is below. */
function rowsOf({ actual, trial }: Match): readonly (readonly string[])[] {
  const remark = actual.length === 0 ? 'new' : trial.length === 0 ? 'gone' : '';
  return Array.from({ length: Math.max(actual.length, trial.length) }, (_, index) => {
    const [one, other] = [actual[index], trial[index]];
    const incident = (other ?? one)?.incident;
    if (incident === undefined) return [];
    return [
      scopeName(incident.scope),
      USERS_CANNOT[incident.criterion],
      readableTime(incident.startedAt),
      cell(one),
      cell(other),
      index === 0 ? remark : '',
    ];
  });
}

function cell(entry: Entry | undefined): string {
  if (entry === undefined) return '–';
  const { incident, events } = entry;
  const over = overAt(incident);
  const lasted =
    over === null ? 'still open' : `over after ${readableSpan(msBetween(incident.startedAt, over))}`;
  const reopened = events.filter(({ kind }) => kind === 'reopened').length;
  const again = reopened === 0 ? '' : `, reopened ${reopened} ×`;
  const merged = incident.mergedInto === null ? '' : ', merged';
  return `after ${exactSpan(secondsToDeclare(incident))}, ${lasted}${again}${merged}`;
}

function summary({ declared, medianSecondsToDeclare: median, p95SecondsToDeclare: p95 }: Tally): string {
  if (median === null || p95 === null) return 'nothing';
  return `${declared}, after ${exactSpan(median)} in the median (95 %: ${exactSpan(p95)}) from the first failed run on`;
}

function differences(matches: readonly Match[]): readonly string[] {
  const gone = matches.filter(({ trial }) => trial.length === 0).length;
  const fresh = matches.filter(({ actual }) => actual.length === 0).length;
  return [
    ...(gone === 0 ? [] : [`${count(gone, 'fault')} would not have been declared`]),
    ...(fresh === 0
      ? []
      : [`${count(fresh, 'fault')} would have been declared and ${fresh === 1 ? 'was' : 'were'} not`]),
  ];
}

function missingLines(missing: Replayed['replay']['missing']): readonly string[] {
  if (missing.length === 0) return [];
  return [
    `${count(missing.length, 'confirming run')} would have been asked for; no run on record. What it would have shown is not known:`,
    ...tableOf(missing.map(({ hub, criteria, at }) => [hub, criteria.join(', '), readableTime(at)])),
  ];
}

function timeOf(atMs: number): string {
  return readableTime(new Date(atMs).toISOString());
}
