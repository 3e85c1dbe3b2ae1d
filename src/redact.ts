import { ANCHOR_LENGTH, everySpelling } from './secret-spelling.ts';
import type { Spelling } from './secret-spelling.ts';

/** Keeps known secrets out of whatever text leaves this process. */
export interface Redactor {
  /** From now on this secret is masked. Texts of fewer than 4 characters are not: masking them would blank out everything. */
  add(secret: string): void;
  /** The text with every known secret replaced by `[secret]`, however it is encoded. */
  redact(text: string): string;
}

export const MASK = '[secret]';
const SHORTEST_SECRET = 4;

/**
 * Nearly every text holds no secret, so that is what has to be quick: one look at each window of four characters says
 * which few spellings can be there at all. One alternation over hundreds of secrets takes a thousand times as long.
 */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  const unanchored: Spelling[] = [];
  const byAnchor = new Map<number, Spelling[]>();

  function add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || known.has(secret)) return;
    known.add(secret);
    for (const spelling of everySpelling(secret)) {
      if (spelling.anchor === null) unanchored.push(spelling);
      else byAnchor.set(keyOf(spelling.anchor), [...(byAnchor.get(keyOf(spelling.anchor)) ?? []), spelling]);
    }
  }

  function redact(text: string): string {
    const spellings = new Set(unanchored);
    let key = 0;
    for (let index = 0; index < text.length; index++) {
      key = nextKey(key, text.charCodeAt(index));
      for (const spelling of byAnchor.get(key) ?? []) spellings.add(spelling);
    }
    // The longest first, so that a secret that holds another is masked as a whole.
    const longestFirst = [...spellings].toSorted((a, b) => b.length - a.length);
    return longestFirst.reduce((masked, { pattern }) => masked.replace(pattern, MASK), text);
  }

  return { add, redact };
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
