/** Where moments lie on the picture. */
export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  /** In pixels, of the time shown. */
  readonly left: number;
  readonly width: number;
}

/** Moments outside lie on the edge. */
export function xOf({ fromMs, toMs, left, width }: Scale, atMs: number): number {
  const share = (atMs - fromMs) / (toMs - fromMs);
  return left + Math.min(1, Math.max(0, share)) * width;
}

interface AxisMark {
  readonly atMs: number;
  readonly text: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY];
/** So many marks have room. */
const MARKS = 12;

/** Round moments, in UTC, as many as are easily read. */
export function marksOf({ fromMs, toMs }: Scale): readonly AxisMark[] {
  const step =
    STEPS.find((each) => (toMs - fromMs) / each <= MARKS) ??
    28 * DAY * Math.ceil((toMs - fromMs) / (28 * DAY * MARKS));
  const marks: AxisMark[] = [];
  for (let atMs = Math.ceil(fromMs / step) * step; atMs <= toMs; atMs += step) {
    marks.push({ atMs, text: textOf(atMs, step, marks.length === 0) });
  }
  return marks;
}

/** The day where it begins, else the time. */
function textOf(atMs: number, step: number, isFirst: boolean): string {
  const date = new Date(atMs);
  const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
  const time = date.toISOString().slice(11, 16);
  if (step >= DAY) return day;
  if (atMs % DAY === 0) return day;
  return isFirst ? `${day} ${time}` : time;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
