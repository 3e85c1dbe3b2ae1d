/** What a secret looks like on its way through a browser, a hub, JSON and a page. */
export const SPELLINGS: readonly (readonly [string, (secret: string) => string])[] = [
  ['as it is', (secret) => secret],
  ['URL-encoded', (secret) => encodeURIComponent(secret)],
  ['URL-encoded by Python', pythonQuote],
  ['URL-encoded twice', (secret) => encodeURIComponent(encodeURIComponent(secret))],
  ['form-encoded', (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length)],
  ['JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
  ['JSON in ASCII', jsonInAscii],
  ['HTML', (secret) => html(secret, { '"': '&quot;', "'": '&#39;' })],
  ['HTML by MarkupSafe', (secret) => html(secret, { '"': '&#34;', "'": '&#39;' })],
  ['HTML by Python', (secret) => html(secret, { '"': '&quot;', "'": '&#x27;' })],
  ['base64', (secret) => Buffer.from(secret).toString('base64')],
  ['base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['base64 after 1 byte', (secret) => Buffer.from(`:${secret}\n`).toString('base64')],
  ['base64 after 5 bytes', (secret) => Buffer.from(`user:${secret}`).toString('base64')],
  ['base64 in a URL', (secret) => encodeURIComponent(Buffer.from(secret).toString('base64'))],
];

// URL-encoding every byte, letters too, is nobody's habit: Python leaves letters and digits alone.
function pythonQuote(secret: string): string {
  return [...Buffer.from(secret)]
    .map((byte) => String.fromCharCode(byte))
    .map((char) =>
      /[\w.~-]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

function jsonInAscii(secret: string): string {
  return JSON.stringify(secret)
    .slice(1, -1)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function html(secret: string, quotes: Readonly<Record<string, string>>): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', ...quotes };
  return secret.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
