/** A secret as it is, URL-encoded, form-encoded, escaped for JSON (in JSON) or HTML: one pattern for all of them. */
export interface Spelling {
  readonly pattern: RegExp;
  /** Is in the text literally wherever the pattern matches; null where there are too few characters for that. */
  readonly anchor: string | null;
}

/** A secret in base64, as it looks after so many bytes as there were before it. */
export interface Encoding {
  /** Matches from the anchor on, with what comes before it as its only group; anywhere where there is no anchor. */
  readonly pattern: RegExp;
  readonly anchor: string | null;
  /** Whether the character before it, or after it, holds bits of the secret, too. */
  readonly sharesBefore: boolean;
  readonly sharesAfter: boolean;
}

export const ANCHOR_LENGTH = 4;

export function spellingOf(secret: string): Spelling {
  return { pattern: new RegExp(plainPattern(secret), 'g'), anchor: anchorIn(secret)?.text ?? null };
}

export function encodingsOf(secret: string): readonly Encoding[] {
  return base64Forms(secret).map(({ text, sharesBefore, sharesAfter }) => {
    const anchor = anchorIn(text);
    const at = anchor?.index ?? 0;
    const head = base64Pattern(text.slice(0, at));
    const tail = base64Pattern(text.slice(at));
    return {
      pattern: new RegExp(`(?<=(${head}))${tail}`, anchor === null ? 'g' : 'y'),
      anchor: anchor?.text ?? null,
      sharesBefore,
      sharesAfter,
    };
  });
}

/** In base64, each in one line: for what was cut, which no pattern matches. */
export function base64Spellings(secret: string): readonly string[] {
  return base64Forms(secret).map(({ text }) => text);
}

/** The other usual spellings, each as one text: for what was cut, too. */
export function wholeSpellings(secret: string): readonly string[] {
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  // A secret of broken characters has no URL.
  const url = (text: string) => (text.isWellFormed() ? encodeURIComponent(text) : text);
  const html = secret.replace(/[&<>"']/g, (character) => SHORTHAND_ENTITIES[character] ?? character);
  return [
    secret,
    url(secret),
    url(url(secret)),
    url(secret).replaceAll('%20', '+'),
    json(secret),
    json(json(secret)),
    html,
  ];
}

const SHORTHAND_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const ANCHOR = new RegExp(`[A-Za-z0-9]{${ANCHOR_LENGTH}}`);

function anchorIn(text: string): { readonly text: string; readonly index: number } | null {
  const found = ANCHOR.exec(text);
  return found === null ? null : { text: found[0], index: found.index };
}

/** Letters and digits are the same everywhere; every other character has several spellings, and these may mix. */
function plainPattern(text: string): string {
  // A run of backslashes is one piece: each level of JSON doubles it, and one by one that would take exponential time.
  const pieces = text.match(/\\+|[\s\S]/gu) ?? [];
  return pieces.map((piece) => (/^[A-Za-z0-9]$/.test(piece) ? piece : `(?:${spellings(piece)})`)).join('');
}

/** Alternatives for one character, or for a run of backslashes; the raw one last because others begin with it. */
function spellings(piece: string): string {
  const length = piece.length;
  if (piece.startsWith('\\')) return `(?:${encoded('\\')}){${length}}|\\\\{${length},${length * DEEPEST}}`;
  const shorthand = SHORTHANDS[piece];
  return [
    ...(shorthand === undefined ? [] : [shorthand]),
    encoded(piece),
    `\\\\{0,${DEEPEST}}${escape(piece)}`,
  ].join('|');
}

/** Backslashes before one character after four levels of JSON; a bound, so that a long run of them stays cheap. */
const DEEPEST = 16;
const BACKSLASHES = `\\\\{1,${DEEPEST}}`;
/** `%` and `&` may have been encoded again. */
export const PERCENT = '%(?:25){0,3}';
export const AMPERSAND = '&(?:amp;){0,3}';

/** Percent, JSON `\u` and HTML number forms. */
function encoded(character: string): string {
  const percent = [...Buffer.from(character, 'utf8')].map((byte) => `${PERCENT}${hex(byte, 2)}`);
  const units = Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index), 4));
  const json = units.map((unit) => `${BACKSLASHES}u${unit}`);
  const point = character.codePointAt(0) ?? 0;
  const html = `${AMPERSAND}#(?:0{0,5}${point}|[xX]0{0,5}${hex(point, 1)});`;
  return [percent.join(''), json.join(''), html].join('|');
}

const SHORTHANDS: Readonly<Record<string, string>> = {
  ' ': '\\+',
  '\n': `${BACKSLASHES}n|\\r\\n|${BACKSLASHES}r${BACKSLASHES}n|${PERCENT}0[dD]${PERCENT}0[aA]`,
  '\r': `${BACKSLASHES}r`,
  '\t': `${BACKSLASHES}t`,
  '\b': `${BACKSLASHES}b`,
  '\f': `${BACKSLASHES}f`,
  '"': `${AMPERSAND}quot;`,
  "'": `${AMPERSAND}apos;`,
  '<': `${AMPERSAND}lt;`,
  '>': `${AMPERSAND}gt;`,
  '&': '&(?:amp;){1,4}',
};

interface Base64Form extends Pick<Encoding, 'sharesBefore' | 'sharesAfter'> {
  /** The characters that hold bits of nothing but the secret. */
  readonly text: string;
}

/** Three bytes make four characters, so what a secret looks like depends on how many bytes come before it. */
function base64Forms(secret: string): readonly Base64Form[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return {
      text: whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6)),
      sharesBefore: before !== 0,
      sharesAfter: (before + bytes.length) % 3 !== 0,
    };
  });
}

/** A character of base64 in any of its spellings. */
export const BASE64_CHARACTER = /[A-Za-z0-9+/_-]/;

function base64Pattern(text: string): string {
  return [...text].map(base64Character).join('');
}

/** base64url has `-` and `_` where base64 has `+` and `/`, which in turn may be encoded. */
function base64Character(character: string): string {
  if (character === '+') return `(?:${spellings('+')}|-)`;
  return character === '/' ? `(?:${spellings('/')}|_)` : character;
}

/** A number in hexadecimal, of either case: `2[fF]`. */
function hex(number: number, digits: number): string {
  const lower = number.toString(16).padStart(digits, '0');
  return lower.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
