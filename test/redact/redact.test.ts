import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, MASK } from '../../src/redact.ts';

/** What a secret looks like on its way through a browser, a hub, JSON and a page. */
const FORMS: readonly (readonly [string, (secret: string) => string])[] = [
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

/** Text that encodes to something: no lone surrogates, and not a piece of the mask itself. */
const anySecret = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 24, unit: 'grapheme' }),
    fc.string({ minLength: 4, maxLength: 24, unit: 'grapheme-ascii' }),
    fc.string({ minLength: 4, maxLength: 24, unit: fc.constantFrom(...'\\"\'<>&%+/ \n\ta1é') }),
  )
  .filter((secret) => secret.length >= 4 && !MASK.includes(secret) && !/[\ud800-\udfff]/u.test(secret));

describe('redact', () => {
  it.each(FORMS)('masks a secret %s, whatever it is', (_name, form) => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        const redactor = createRedactor();
        redactor.add(secret);

        const redacted = redactor.redact(`before ${form(secret)} after`);

        // Of base64, padding and what was encoded beside the secret may stay.
        expect(redacted).toMatch(/^before [A-Za-z0-9+/_%=-]{0,12}\[secret\][A-Za-z0-9+/_%=-]{0,12} after$/);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['as it is', 'p4ss/w+rd "é"', 'x p4ss/w+rd "é" y', 'x [secret] y'],
    ['URL-encoded', 'p4ss/w+rd é', '?next=p4ss%2Fw%2brd%20%C3%A9&a=1', '?next=[secret]&a=1'],
    ['JSON-escaped', 'p4ss"w\\rd', '{"a":"p4ss\\"w\\\\rd"}', '{"a":"[secret]"}'],
    ['HTML-escaped', 'p4ss<w&rd', 'value="p4ss&lt;w&amp;rd"', 'value="[secret]"'],
    ['basic authorization', 'p4ssw0rd', `Basic ${btoa('probe:p4ssw0rd')}`, 'Basic cHJvYmU6[secret]='],
    ['several times', 'p4ssw0rd', 'p4ssw0rd,p4ssw0rd', '[secret],[secret]'],
  ])('replaces only the secret: %s', (_name, secret, text, expected) => {
    const redactor = createRedactor();
    redactor.add(secret);

    expect(redactor.redact(text)).toBe(expected);
  });

  it('leaves text without secrets as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abcdef0123 %&\\";/') }), (text) => {
        const redactor = createRedactor();
        redactor.add('XYZ-unseen-XYZ');

        expect(redactor.redact(text)).toBe(text);
      }),
    );
  });

  it('masks the whole of a secret that holds another', () => {
    const redactor = createRedactor();
    redactor.add('inner');
    redactor.add('an-inner-one');

    expect(redactor.redact('an-inner-one inner')).toBe('[secret] [secret]');
  });

  it('learns secrets after the first text', () => {
    const redactor = createRedactor();
    redactor.add('first');
    redactor.redact('first second');

    redactor.add('second');

    expect(redactor.redact('first second')).toBe('[secret] [secret]');
  });

  it('does not mask what is too short to be told from other text', () => {
    const redactor = createRedactor();
    redactor.add('abc');
    redactor.add('');

    expect(redactor.redact('abc abcd')).toBe('abc abcd');
  });

  it('takes no more than its time where a text is full of half a secret', () => {
    const redactor = createRedactor();
    redactor.add('\\"%&\\\\ "\'<secret>');
    const text = '\\'.repeat(20_000) + '%25'.repeat(20_000) + '&amp;'.repeat(20_000);

    const startedAt = performance.now();
    const redacted = redactor.redact(text);

    expect(redacted).toBe(text);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
