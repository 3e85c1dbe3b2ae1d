import { AMPERSAND, PERCENT } from './secret-spelling.ts';

/**
 * A text whose lines are one: `base64`, MIME (RFC 2045, 76 columns) and PEM (RFC 7468, 64) begin new lines, and what shows them
 * may escape or encode their ends.
 */
export interface Unwrapped {
  readonly text: string;
  /** Where a character of it stands in the text as it was. */
  originalIndexOf(index: number): number;
}

/**
 * White space, and line ends as JSON, URLs and HTML have them, each begun by a character that base64 has not. Of a run of
 * backslashes only the first begins one, or a long run would take quadratic time; white space is taken in pieces, because an
 * expression that repeats without end runs out of room at some 16 million characters.
 */
const LINE_ENDS = new RegExp(
  [
    '\\s{1,1000}',
    '(?<!\\\\)\\\\+(?:[rn]|u000[aAdD])',
    `${PERCENT}0[aAdD]`,
    `${AMPERSAND}#(?:0{0,5}1[03]|[xX]0{0,5}[aAdD]);`,
  ].join('|'),
  'g',
);

export function unwrap(wrapped: string): Unwrapped {
  const lines: string[] = [];
  /** Of each line, where it begins in the text as it was, and where in the result. */
  const origins: number[] = [];
  const starts: number[] = [];
  let from = 0;
  let length = 0;
  const take = (to: number) => {
    lines.push(wrapped.slice(from, to));
    origins.push(from);
    starts.push(length);
    length += to - from;
  };
  for (const { index, 0: end } of wrapped.matchAll(LINE_ENDS)) {
    take(index);
    from = index + end.length;
  }
  take(wrapped.length);
  return {
    text: lines.join(''),
    originalIndexOf(index) {
      const line = lastAtMost(starts, index);
      return (origins[line] ?? 0) + index - (starts[line] ?? 0);
    },
  };
}

/** Index of the last of these sorted numbers that is at most so large. */
function lastAtMost(sorted: readonly number[], most: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? Infinity) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}
