import {
  ANCHOR_LENGTH,
  BASE64_CHARACTER,
  base64Spellings,
  encodingsOf,
  spellingOf,
  wholeSpellings,
} from './secret-spelling.ts';
import type { Encoding, Spelling } from './secret-spelling.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';

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
  const beginnings: Beginnings = { whole: [], encoded: [] };
  const spellings = new ByAnchor<Spelling>();
  const encodings = new ByAnchor<Encoding>();

  function add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || known.has(secret)) return;
    known.add(secret);
    const inBase64 = base64Spellings(secret);
    beginnings.whole.push(...wholeSpellings(secret), ...inBase64);
    beginnings.encoded.push(...inBase64);
    // As pages show it, and as sentences of ours quote it.
    add(secret.replaceAll(/\s+/g, ' ').trim());
    for (const piece of new Set(piecesOf(secret))) {
      spellings.add(spellingOf(piece));
      for (const encoding of encodingsOf(piece)) encodings.add(encoding);
    }
  }

  function redact(text: string): string {
    const whole = text.includes(CUT) ? maskCut(text, beginnings) : text;
    const stretches = [...spelled(spellings, whole), ...encoded(encodings, whole)];
    return maskAll(whole, stretches).replaceAll(SEVERAL_MASKS, MASK);
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

/** Those of which a text may hold one, found by four of its characters. */
class ByAnchor<T extends { readonly anchor: string | null }> {
  readonly #byKey = new Map<number, T[]>();
  /** Those without an anchor: every text has to be looked through for them. */
  readonly unanchored: T[] = [];

  add(one: T): void {
    if (one.anchor === null) return void this.unanchored.push(one);
    const key = keyOf(one.anchor);
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), one]);
  }

  /** Those whose anchor is in the text, once for each time that it is, with where it begins. */
  *in(text: string): Generator<readonly [one: T, index: number]> {
    let key = 0;
    for (let index = 0; index < text.length; index++) {
      key = nextKey(key, text.charCodeAt(index));
      const there = this.#byKey.get(key);
      if (there !== undefined) for (const one of there) yield [one, index - ANCHOR_LENGTH + 1];
    }
  }
}

/** All in the same text, also where they overlap: masked one after the other, one would hide the other's other half. */
function spelled(spellings: ByAnchor<Spelling>, text: string): readonly Stretch[] {
  const there = new Set(spellings.unanchored);
  for (const [spelling] of spellings.in(text)) there.add(spelling);
  return [...there].flatMap(({ pattern }) =>
    [...text.matchAll(pattern)].map((match): Stretch => [match.index, match.index + match[0].length]),
  );
}

/** Base64 may be spread over several lines. */
function encoded(encodings: ByAnchor<Encoding>, text: string): readonly Stretch[] {
  const unwrapped = unwrap(text);
  const stretches: Stretch[] = [];
  // A text of one character may be full of what is masked: as many stretches as characters.
  const take = (stretch: Stretch) => {
    const last = stretches.at(-1);
    if (last === undefined || stretch[0] < last[0] || stretch[0] > last[1]) stretches.push(stretch);
    else stretches[stretches.length - 1] = [last[0], Math.max(last[1], stretch[1])];
  };
  for (const encoding of encodings.unanchored) {
    for (const match of unwrapped.text.matchAll(encoding.pattern)) {
      take(original(unwrapped, text, encoding, match));
    }
  }
  for (const [encoding, index] of encodings.in(unwrapped.text)) {
    encoding.pattern.lastIndex = index;
    const match = encoding.pattern.exec(unwrapped.text);
    if (match !== null) take(original(unwrapped, text, encoding, match));
  }
  return stretches;
}

/** Where that is in the text as it was, with the characters at its edges that hold bits of the secret, too. */
function original(
  unwrapped: Unwrapped,
  text: string,
  { sharesBefore, sharesAfter }: Encoding,
  { index, 0: found, 1: before = '' }: RegExpExecArray,
): Stretch {
  const from = unwrapped.originalIndexOf(index - before.length);
  const to = unwrapped.originalIndexOf(index + found.length - 1) + 1;
  const alsoBefore = sharesBefore && BASE64_CHARACTER.test(text.charAt(from - 1));
  const alsoAfter = sharesAfter && BASE64_CHARACTER.test(text.charAt(to));
  return [alsoBefore ? from - 1 : from, alsoAfter ? to + 1 : to];
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
  readonly encoded: string[];
}

/** A text may have been cut in the middle of a secret: what is left of it is masked too. */
function maskCut(text: string, { whole, encoded: inBase64 }: Beginnings): string {
  const longest = inBase64.reduce((most, { length }) => Math.max(most, length), 0);
  const [last = '', ...before] = text.split(CUT).toReversed();
  const cut = before.toReversed().map((piece) => {
    const from = Math.min(
      piece.length - longestEnd(piece, whole),
      startOfWrappedEnd(piece, inBase64, piece.length - longest * LINE_ENDS_AT_MOST),
    );
    return from === piece.length ? piece : `${piece.slice(0, from)}${MASK}`;
  });
  return [...cut, last].join(CUT);
}

/** How much longer a text gets by its line ends: twelve characters of them after every four. */
const LINE_ENDS_AT_MOST = 4;

/** Where in a text the longest beginning of one of these begins with which it ends, line ends not counted. */
function startOfWrappedEnd(text: string, inBase64: readonly string[], lookFrom: number): number {
  const offset = Math.max(0, lookFrom);
  const end = unwrap(text.slice(offset));
  const length = longestEnd(end.text, inBase64);
  return length === 0 ? text.length : offset + end.originalIndexOf(end.text.length - length);
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
