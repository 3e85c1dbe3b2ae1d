import { MASK } from './redact.ts';

/** Values of these keys are never shown, whether we know the secret or not; at any depth, in any case, as the end of a longer name. */
const TELLING_KEY = String.raw`"[^"\\]*(?:password|passwd|token|secret|authorization|cookie|private_?key|api_?key)"`;
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const PLAIN_VALUE = String.raw`(?:${STRING}|-?\d[\d.eE+-]*|\[(?:${STRING},?)*\])`;
const TELLING_PAIR = new RegExp(`(${TELLING_KEY}):${PLAIN_VALUE}`, 'gi');

/** One line of JSON without secrets: still one line of JSON. */
export function redactLine(line: string, redact: (text: string) => string): string {
  const hidden = line.replace(TELLING_PAIR, `$1:"${MASK}"`);
  const redacted = redact(hidden);
  if (redacted === hidden || isJson(redacted)) return redacted;
  // The secret looks like a part of the line itself, as a number or a key does: mask it piece by piece.
  return `${JSON.stringify(redactDeep(JSON.parse(hidden), redact))}\n`;
}

/** The same value with every text in it redacted, names of fields included. */
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item: unknown) => redactDeep(item, redact));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [redact(key), redactDeep(inner, redact)]),
    );
  }
  const text = String(value);
  return redact(text) === text ? value : MASK;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Asking is all this does: whoever gets false deals with it.
    return false;
  }
}
