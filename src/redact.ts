import {
  ANCHOR_LENGTH,
  LINE_END,
  base64Spellings,
  everySpelling,
  overLines,
  wholeSpellings,
} from './secret-spelling.ts';
import type { Spelling } from './secret-spelling.ts';

/** Keeps known secrets out of whatever text leaves this process. */
export interface Redactor {
  /** From now on this secret is masked. Texts of fewer than 4 characters are not: masking them would blank out everything. */
  add(secret: string): void;
  /** The text with every known secret replaced by `[secret]`, however it is encoded. */
  redact(text: string): string;
  /** Whether there is a known secret in the text that is not masked. */
  finds(text: string): boolean;
}

export const MASK = '[secret]';
const SHORTEST_SECRET = 4;

/**
 * Nearly every text holds no secret, so that is what has to be quick: one look at each window of four characters says
 * which few spellings can be there at all. One alternation over hundreds of secrets takes a thousand times as long.
 */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  const beginnings: Beginnings = { whole: [], wrapped: [] };
  const unanchored: Spelling[] = [];
  const byAnchor = new Map<number, Spelling[]>();

  function add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || known.has(secret)) return;
    known.add(secret);
    beginnings.whole.push(...wholeSpellings(secret));
    beginnings.wrapped.push(...base64Spellings(secret));
    // As pages show it, and as sentences of ours quote it.
    add(secret.replaceAll(/\s+/g, ' ').trim());
    for (const spelling of piecesOf(secret).flatMap(everySpelling)) {
      if (spelling.anchors.length === 0) unanchored.push(spelling);
      for (const key of spelling.anchors.map(keyOf))
        byAnchor.set(key, [...(byAnchor.get(key) ?? []), spelling]);
    }
  }

  function redact(text: string): string {
    const spellings = new Set(unanchored);
    let key = 0;
    for (let index = 0; index < text.length; index++) {
      key = nextKey(key, text.charCodeAt(index));
      for (const spelling of byAnchor.get(key) ?? []) spellings.add(spelling);
    }
    const whole = text.includes(CUT) ? maskCut(text, beginnings) : text;
    return maskAll(whole, matchesOf(spellings, whole)).replaceAll(SEVERAL_MASKS, MASK);
  }

  function finds(text: string): boolean {
    // Part of a secret may look like part of the mask.
    const bare = text.replaceAll(MASK, '\0');
    return redact(bare) !== bare;
  }

  return { add, redact, finds };
}

/** Of a text: from the first of its characters to before the last. */
type Stretch = readonly [from: number, to: number];

/** All in the same text, also where they overlap: masked one after the other, one would hide the other's other half. */
function matchesOf(spellings: Iterable<Spelling>, text: string): readonly Stretch[] {
  return [...spellings].flatMap(({ pattern }) =>
    [...text.matchAll(pattern)].map((match): Stretch => [match.index, match.index + match[0].length]),
  );
}

/** Overlapping and touching stretches become one mask. */
function maskAll(text: string, stretches: readonly Stretch[]): string {
  let masked = '';
  let end = -1;
  for (const [from, to] of stretches.toSorted(([a], [b]) => a - b)) {
    if (from > end) masked += text.slice(Math.max(end, 0), from) + MASK;
    end = Math.max(end, to);
  }
  return masked + text.slice(Math.max(end, 0));
}

const LONGEST_PIECE = 64;
/** What is left of a secret that was masked piece by piece. */
const SEVERAL_MASKS = /(?:\[secret\]){2,}/g;

/** A pattern for every spelling of a long secret would be too large; its pieces, all of about a length, are as good. */
function piecesOf(secret: string): readonly string[] {
  const characters = [...secret];
  const count = Math.ceil(characters.length / LONGEST_PIECE);
  const length = Math.ceil(characters.length / count);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * length, (index + 1) * length).join(''),
  );
}

/** Stands where a long text was cut, by `oneLine` or by whoever said it. */
const CUT = '…';
/** Fewer letters of a secret tell nobody anything, and stand in many a word. */
const SHORTEST_CUT = 5;

/** What a text may end with the beginning of. */
interface Beginnings {
  readonly whole: string[];
  /** Such as may be spread over several lines. */
  readonly wrapped: string[];
}

/** A text may have been cut in the middle of a secret: what is left of it is masked too. */
function maskCut(text: string, { whole, wrapped }: Beginnings): string {
  const longest = wrapped.reduce((most, { length }) => Math.max(most, length), 0);
  const [last = '', ...before] = text.split(CUT).toReversed();
  const cut = before.toReversed().map((piece) => {
    const from = Math.min(
      piece.length - longestEnd(piece, whole),
      startOfWrappedEnd(piece, wrapped, piece.length - longest * LINE_ENDS_AT_MOST),
    );
    return from === piece.length ? piece : `${piece.slice(0, from)}${MASK}`;
  });
  return [...cut, last].join(CUT);
}

/** How much longer a text gets by its line ends: an escaped one after every character. */
const LINE_ENDS_AT_MOST = 4;
const LINE_ENDS = new RegExp(LINE_END, 'g');

/** Where in a text the longest beginning of one of these begins with which it ends, line ends not counted. */
function startOfWrappedEnd(text: string, spellings: readonly string[], lookFrom: number): number {
  const offset = Math.max(0, lookFrom);
  const end = text.slice(offset);
  const inOneLine = end.replaceAll(LINE_ENDS, '');
  const length = longestEnd(inOneLine, spellings);
  if (length === 0) return text.length;
  return offset + end.search(new RegExp(`${overLines(inOneLine.slice(-length))}${LINE_END}$`));
}

/** Length of the longest beginning of one of these with which the text ends; 0 when it is too short to tell anything. */
function longestEnd(text: string, spellings: readonly string[]): number {
  const end = text.slice(-SHORTEST_CUT);
  if (end.length < SHORTEST_CUT) return 0;
  let longest = 0;
  // Quick for all but the few that could end so.
  for (const spelling of spellings.filter((one) => one.includes(end))) {
    for (let length = Math.min(spelling.length - 1, text.length); length > longest; length -= 1) {
      if (text.endsWith(spelling.slice(0, length))) longest = length;
    }
  }
  return longest < SHORTEST_CUT ? 0 : longest;
}

const BITS = 7;
const KEY_MASK = 2 ** (BITS * ANCHOR_LENGTH) - 1;

/** The last four characters, seven bits of each: anchors are letters and digits, others only cost a second look. */
function nextKey(key: number, code: number): number {
  return ((key << BITS) | (code & (2 ** BITS - 1))) & KEY_MASK;
}

function keyOf(anchor: string): number {
  return [...anchor].reduce((key, character) => nextKey(key, character.charCodeAt(0)), 0);
}
