import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';

/** A secret that was found, and how one gets at it: `trace.zip › trace.trace › base64`. */
export interface Found {
  readonly secret: string;
  readonly where: string;
}

const DEEPEST = 6;

/**
 * Looks for secrets the way a thief would: it takes apart and decodes all that can be (zip, gzip, base64 at every offset,
 * percent, JSON and HTML escapes, each in each other) and looks into the result. It shares nothing with the redactor.
 */
export function findSecrets(bytes: Uint8Array, secrets: readonly string[], where: string): readonly Found[] {
  const found = new Map<string, Found>();
  const seen = new Set<string>();
  const look = (buffer: Buffer, path: string, depth: number) => {
    for (const secret of secrets) {
      if (buffer.includes(secret) && !found.has(secret)) found.set(secret, { secret, where: path });
    }
    if (depth === DEEPEST) return;
    // A file that is no good archive hides what is in it; what only looks like one after some decoding is none.
    if (depth === 0 && isZip(buffer)) unzipSync(buffer);
    for (const [how, inner] of unfoldings(buffer)) {
      const key = inner.toString('latin1');
      if (seen.has(key)) continue;
      seen.add(key);
      look(inner, `${path} › ${how}`, depth + 1);
    }
  };
  look(Buffer.from(bytes), where, 0);
  return [...found.values()];
}

/** Everything that these bytes may stand for. */
function* unfoldings(buffer: Buffer): Iterable<readonly [string, Buffer]> {
  yield* unpacked(buffer);
  const text = buffer.toString('utf8');
  yield* decodedTexts(text);
  for (const run of text.matchAll(/[A-Za-z0-9+/_-]{6,}/g)) yield* decodedBase64(run[0]);
}

function* unpacked(buffer: Buffer): Iterable<readonly [string, Buffer]> {
  if (isZip(buffer)) {
    for (const [name, bytes] of Object.entries(entriesOf(buffer))) {
      yield [`name of ${name}`, Buffer.from(name)];
      yield [name, Buffer.from(bytes)];
    }
  }
  const magic = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = buffer.indexOf(magic); at !== -1; at = buffer.indexOf(magic, at + 1)) {
    try {
      yield ['gzip', gunzipSync(buffer.subarray(at))];
    } catch {
      // The same three bytes may mean something else.
    }
  }
}

function isZip(buffer: Buffer): boolean {
  return buffer.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'));
}

function entriesOf(buffer: Buffer): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(buffer);
  } catch {
    return {};
  }
}

function* decodedTexts(text: string): Iterable<readonly [string, Buffer]> {
  for (const [how, decoded] of [
    ['percent', decodePercent(text)],
    ['form', decodePercent(text.replaceAll('+', ' '))],
    ['JSON', decodeJson(text)],
    ['HTML', decodeHtml(text)],
  ] as const) {
    if (decoded !== text) yield [how, Buffer.from(decoded)];
  }
}

/** How an archive begins (RFC 1952, deflate). */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** At every offset: a secret may begin anywhere in what was encoded. Only what has text or an archive in it is looked at. */
function* decodedBase64(run: string): Iterable<readonly [string, Buffer]> {
  for (const offset of [0, 1, 2, 3]) {
    const bytes = Buffer.from(run.slice(offset).replaceAll('-', '+').replaceAll('_', '/'), 'base64');
    if (/[ -~]{4}/.test(bytes.toString('latin1')) || bytes.includes(GZIP)) yield ['base64', bytes];
  }
}

function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

const JSON_LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function decodeJson(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(["\\/nrtbf]))/gi, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (JSON_LETTERS[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeHtml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? '';
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}
