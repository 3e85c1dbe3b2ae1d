/** One way in which a secret may be written. */
export interface Spelling {
  readonly pattern: RegExp;
  /** One of these is in the text literally wherever the pattern matches; none when there are too few characters for that. */
  readonly anchors: readonly string[];
}

export const ANCHOR_LENGTH = 4;

/**
 * Every way a secret may be spelled in a text: as it is, URL-encoded, form-encoded, escaped for JSON (in JSON) or HTML,
 * all of which are one pattern, and in base64 at any offset of what was encoded, as in `Authorization: Basic`, on one line
 * or wrapped.
 */
export function everySpelling(secret: string): readonly Spelling[] {
  const plain = { pattern: new RegExp(plainPattern(secret), 'g'), anchors: anchorsIn(secret).slice(0, 1) };
  const encodings = base64Forms(secret).map(({ text, pattern }) => ({
    pattern: new RegExp(pattern, 'g'),
    anchors: threeOf(anchorsIn(text)),
  }));
  return [plain, ...encodings];
}

/** The usual spellings, each as one text: for what was cut, which no pattern matches. */
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
    ...base64Spellings(secret),
  ];
}

/** In base64, in one line. */
export function base64Spellings(secret: string): readonly string[] {
  return base64Forms(secret).map(({ text }) => text);
}

const SHORTHAND_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const ANCHOR = new RegExp(`[A-Za-z0-9]{${ANCHOR_LENGTH}}`, 'g');

/** Of a piece of a secret, two lines may end in the middle of an anchor, not more. */
function threeOf(anchors: readonly string[]): readonly string[] {
  const middle = Math.floor(anchors.length / 2);
  return anchors.filter((_, index) => index === 0 || index === middle || index === anchors.length - 1);
}

/** None overlaps another. */
function anchorsIn(text: string): readonly string[] {
  return text.match(ANCHOR) ?? [];
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
const PERCENT = '%(?:25){0,3}';
const AMPERSAND = '&(?:amp;){0,3}';

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

/**
 * Three bytes make four characters, so what a secret looks like depends on how many bytes come before it.
 * The characters that hold bits of nothing but the secret are the form; those at its edges are taken along.
 */
function base64Forms(secret: string): readonly { readonly text: string; readonly pattern: string }[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const text = whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    const left = before === 0 ? '' : BASE64_EDGE;
    const right = (before + bytes.length) % 3 === 0 ? '' : BASE64_EDGE;
    return { text, pattern: `${left}${overLines(text)}${right}` };
  });
}

/**
 * `base64`, MIME (RFC 2045, 76 columns) and PEM (RFC 7468, 64) begin new lines, which may be escaped. Nothing of it is a
 * character of base64, so that a text matches in one way only.
 */
export const LINE_END = '(?:\\s|\\\\+[rn]|%0[ADad])*';

/** Pattern of base64 in one line or several. */
export function overLines(base64: string): string {
  return [...base64].map(base64Character).join(LINE_END);
}

const BASE64_EDGE = '[A-Za-z0-9+/_-]?';

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
