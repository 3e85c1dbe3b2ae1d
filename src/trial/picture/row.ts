import { type Criterion, USERS_CANNOT } from '../../core/criterion.ts';
import type { Incident } from '../../core/incident.ts';
import type { Run } from '../../core/run.ts';
import { scopeName } from '../../core/scope.ts';
import { readableSpan, readableTime } from '../../core/time.ts';
import { type Stretch, stretchesOf } from '../compare.ts';
import type { Entry } from '../ledger.ts';
import type { MissingConfirmation } from '../replay.ts';
import type { Turn } from '../world.ts';
import { type Scale, xOf } from './scale.ts';
import { element, short, text, title } from './svg.ts';

/** All that the picture shows of one hub. */
export interface PictureHub {
  readonly name: string;
  readonly cluster: string | null;
  readonly probes: readonly Criterion[];
  /** In the order of time. */
  readonly runs: readonly Pick<Run, 'startedAt' | 'outcome' | 'trigger'>[];
  readonly turns: readonly Turn[];
  readonly actual: readonly Entry[];
  readonly trial: readonly Entry[];
  readonly missing: readonly MissingConfirmation[];
}

export interface Row {
  readonly height: number;
  readonly svg: string;
}

const RUNS_HEIGHT = 12;
const BAND_HEIGHT = 5;
const BAR_HEIGHT = 14;
const GAP = 4;
const PADDING = 9;

/** A hub of which there is nothing to tell but that its runs passed takes one line. */
export function rowOf(hub: PictureHub, scale: Scale, top: number): Row {
  const isQuiet =
    hub.actual.length === 0 &&
    hub.trial.length === 0 &&
    hub.missing.length === 0 &&
    !hub.turns.some(isNoteworthy);
  let y = top + PADDING;
  const parts = [text(14, y + 10, 'hub', hub.name), strip(hub, scale, y)];
  if (isQuiet) return { height: RUNS_HEIGHT + 2 * PADDING, svg: parts.join('') };
  if (hub.cluster !== null) parts.push(text(14, y + 26, 'small', hub.cluster));
  parts.push(label(scale, y + 10, 'runs'));
  y += RUNS_HEIGHT + GAP;
  for (const criterion of hub.probes) {
    parts.push(label(scale, y + 5, criterion), band(hub.turns, criterion, scale, y));
    y += BAND_HEIGHT + GAP + 2;
  }
  for (const [name, entries] of [
    ['actual', hub.actual],
    ['trial', hub.trial],
  ] as const) {
    const top = y;
    const bars = entries.flatMap((entry) =>
      stretchesOf(entry).map((stretch) => bar(entry.incident, stretch, name, scale, top)),
    );
    parts.push(label(scale, y + 11, LABELS[name]), ...bars);
    y += BAR_HEIGHT + GAP;
  }
  return { height: y - GAP + PADDING - top, svg: parts.join('') };
}

const LABELS = { actual: 'was declared', trial: 'would be' } as const;

function isNoteworthy({ verdict }: Turn): boolean {
  return verdict === 'suspect' || verdict === 'broken';
}

function label({ left }: Scale, y: number, content: string): string {
  return text(left - 10, y, 'small', content, 'end');
}

/** Worst first: what shows when several runs share a pixel. */
const OUTCOMES = ['failed', 'errored', 'aborted', 'passed'] as const;

/** One path per outcome, one pixel per column: as light for a year as for an hour. */
function strip({ runs, missing }: PictureHub, scale: Scale, y: number): string {
  const columns = new Map<number, Run['outcome']>();
  for (const { startedAt, outcome } of runs) {
    const column = Math.round(xOf(scale, Date.parse(startedAt)));
    const before = columns.get(column);
    if (before === undefined || OUTCOMES.indexOf(outcome) < OUTCOMES.indexOf(before))
      columns.set(column, outcome);
  }
  const paths = OUTCOMES.toReversed().map((outcome) => {
    const xs = [...columns].filter(([, each]) => each === outcome).map(([x]) => x);
    return xs.length === 0
      ? ''
      : element('path', { class: `run ${outcome}`, d: ticks(xs, y, HEIGHT_OF[outcome]) });
  });
  const marks = missing.map(({ at, criteria }) => {
    const x = xOf(scale, Date.parse(at));
    const why = `${readableTime(at)}: would have asked for a confirming run (${criteria.join(', ')}); none is on record`;
    return element('path', { class: 'missing', d: diamond(x, y - 1) }, title(why));
  });
  return [...paths, ...marks].join('');
}

export function diamond(x: number, y: number): string {
  return `M${short(x)} ${short(y - 4)}l4 4l-4 4l-4 -4z`;
}

/** Colour is never alone: what passed is short. */
const HEIGHT_OF: Readonly<Record<Run['outcome'], number>> = { passed: 5, aborted: 5, errored: 9, failed: 12 };

/** Neighbours become one stroke of the same height. */
function ticks(xs: readonly number[], y: number, height: number): string {
  const middle = y + RUNS_HEIGHT - height / 2;
  const spans: [number, number][] = [];
  for (const x of xs.toSorted((one, other) => one - other)) {
    const last = spans.at(-1);
    if (last !== undefined && x - last[1] <= 1) last[1] = x;
    else spans.push([x, x]);
  }
  return spans
    .map(
      ([from, to]) => `M${from} ${short(middle - height / 2)}h${to - from + 1}v${height}h${from - to - 1}z`,
    )
    .join('');
}

/** Healthy is the thin line itself. */
function band(turns: readonly Turn[], criterion: Criterion, scale: Scale, y: number): string {
  const own = turns.filter((turn) => turn.criterion === criterion);
  const line = element('path', {
    class: 'line',
    d: `M${short(scale.left)} ${short(y + BAND_HEIGHT / 2)}h${short(scale.width)}`,
  });
  const spans = own.map(({ verdict, atMs }, index) => {
    const untilMs = own[index + 1]?.atMs ?? scale.toMs;
    if (verdict === 'healthy' || untilMs <= scale.fromMs || atMs >= scale.toMs) return '';
    const x = xOf(scale, atMs);
    const width = Math.max(1.5, xOf(scale, untilMs) - x);
    const said = `${criterion}: ${verdict} from ${timeOf(atMs)} for ${readableSpan(untilMs - atMs)}`;
    return element('rect', { class: verdict, x, y, width, height: BAND_HEIGHT, rx: 1 }, title(said));
  });
  return line + spans.join('');
}

/** From the first failure on, and strong from the moment at which it was declared. */
function bar(
  { criterion, scope }: Incident,
  { failedMs, fromMs, toMs }: Stretch,
  name: 'actual' | 'trial',
  scale: Scale,
  y: number,
): string {
  if (fromMs > scale.toMs || (toMs ?? Infinity) < scale.fromMs) return '';
  const [x, fromX] = [xOf(scale, failedMs), xOf(scale, fromMs)];
  const toX = Math.max(xOf(scale, toMs ?? scale.toMs), fromX + 3);
  const over = toMs === null ? 'still open at the end' : `over ${timeOf(toMs)}`;
  const said = `${scopeName(scope)}: users can't ${USERS_CANNOT[criterion]}. Failed first ${timeOf(failedMs)}, declared ${readableSpan(fromMs - failedMs)} later, ${over}`;
  const inside = `can't ${USERS_CANNOT[criterion]}`;
  const hasRoom = toX - fromX > 6.2 * inside.length + 10;
  return element(
    'g',
    { class: name },
    title(said) +
      element('rect', { class: 'before', x, y, width: Math.max(1, fromX - x), height: BAR_HEIGHT }) +
      element('rect', { class: 'bar', x: fromX, y, width: toX - fromX, height: BAR_HEIGHT, rx: 2 }) +
      (hasRoom ? text(fromX + 6, y + 10.5, 'in', inside) : ''),
  );
}

function timeOf(atMs: number): string {
  return readableTime(new Date(atMs).toISOString());
}
