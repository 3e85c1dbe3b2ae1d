import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../src/core/text.ts';
import { createRedactor, MASK } from '../../src/redact.ts';
import { SPELLINGS } from '../build/spellings.ts';

/** What no secret holds, so that it is certain where the secret begins and ends. */
const FRAME = '\u241e';

/**
 * Text that encodes to something: no lone surrogates, and not a piece of the mask itself. Of a secret that holds the mark of
 * a cut, that mark may be left.
 */
const anySecret = fc
  .oneof(
    fc.string({ minLength: 4, maxLength: 24, unit: 'grapheme' }),
    fc.string({ minLength: 4, maxLength: 24, unit: 'grapheme-ascii' }),
    fc.string({ minLength: 4, maxLength: 24, unit: fc.constantFrom(...'\\"\'<>&%+/ \n\ta1é') }),
  )
  .filter(
    (secret) => secret.length >= 4 && !MASK.includes(secret) && !/[\ud800-\udfff\u241e…]/u.test(secret),
  );

describe('redact', () => {
  it.each(SPELLINGS)('masks a secret %s, whatever it is', (_name, form) => {
    fc.assert(
      fc.property(anySecret, (secret) => {
        const redactor = createRedactor();
        redactor.add(secret);

        const redacted = redactor.redact(`${FRAME}${form(secret)}${FRAME}`);

        // Of base64, padding and what was encoded beside the secret may stay.
        expect(redacted).toMatch(/^\u241e[A-Za-z0-9+/_%=-]{0,12}\[secret\][A-Za-z0-9+/_%=-]{0,12}\u241e$/);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    '\n',
    '\r\n',
    '\n    ',
    '\\n',
    '\\r\\n',
    '\\\\n',
    '\\u000a',
    `${'\\'.repeat(32)}n`,
    '%0D%0A',
    '%250A',
    '&#10;',
    '&amp;#xA;',
  ])('masks a secret in base64 whose lines end with %j', (lineEnd) => {
    const text = (minLength: number) => fc.string({ minLength, maxLength: 200, size: 'max' });
    fc.assert(
      fc.property(text(24), text(0), text(0), (secret, before, after) => {
        const redactor = createRedactor();
        redactor.add(secret);
        const encoded = Buffer.from(before + secret + after).toString('base64');

        const redacted = redactor.redact(encoded.replaceAll(/.{76}/g, `$&${lineEnd}`));

        // What was encoded beside it stays, as do two characters of each piece that hold bits of a neighbour, too.
        const left = redacted.replaceAll(MASK, '').replaceAll(lineEnd, '');
        const edges = 2 * Math.ceil(secret.length / 64);
        expect(left.length).toBeLessThanOrEqual(encoded.length - Math.floor((secret.length * 4) / 3) + edges);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['p4ss', 'p4ssw', 'p4ssw0', 'p4+/s', '>>>?'])(
    'masks the short secret %j in base64 wherever a line ends',
    (secret) => {
      const redactor = createRedactor();
      redactor.add(secret);
      for (const before of ['', 'a', 'ab']) {
        const encoded = btoa(before + secret);
        for (let at = 1; at < encoded.length; at += 1) {
          const redacted = redactor.redact(`${encoded.slice(0, at)}\n${encoded.slice(at)}`);

          // A character that shares its bits with a neighbour may stay on the other line.
          expect(redacted.replace('\n', '')).toMatch(/^[A-Za-z0-9+/]{0,3}\[secret\][A-Za-z0-9+/]?=*$/);
        }
      }
    },
  );

  it.each([
    ['as it is', 'p4ss/w+rd "é"', 'x p4ss/w+rd "é" y', 'x [secret] y'],
    ['URL-encoded', 'p4ss/w+rd é', '?next=p4ss%2Fw%2brd%20%C3%A9&a=1', '?next=[secret]&a=1'],
    ['JSON-escaped', 'p4ss"w\\rd', '{"a":"p4ss\\"w\\\\rd"}', '{"a":"[secret]"}'],
    ['HTML-escaped', 'p4ss<w&rd', 'value="p4ss&lt;w&amp;rd"', 'value="[secret]"'],
    ['basic authorization', 'p4ssw0rd', `Basic ${btoa('probe:p4ssw0rd')}`, 'Basic cHJvYmU6[secret]='],
    ['several times', 'p4ssw0rd', 'p4ssw0rd,p4ssw0rd', '[secret],[secret]'],
    ['the bits that it shares with the byte before', 'p4ssw0rd', btoa('ap4ssw0rd'), 'Y[secret]'],
    ['after a word', 'p4ssw0rd', `Basic ${btoa('p4ssw0rd')} x`, 'Basic [secret]= x'],
    ['before a line that goes on', 'p4ssw0rd', `${btoa('p4ssw0rd..')}\nnext`, '[secret]uLg==\nnext'],
  ])('replaces only the secret: %s', (_name, secret, text, expected) => {
    const redactor = createRedactor();
    redactor.add(secret);

    expect(redactor.redact(text)).toBe(expected);
  });

  it.each(SPELLINGS)('masks a secret of many characters %s', (_name, spell) => {
    const secret = Array.from({ length: 100 }, (_, index) => `a"long<${index}>&more/+é${index * 7919}`).join(
      '',
    );
    const redactor = createRedactor();
    redactor.add(secret);

    expect(redactor.redact(`before ${spell(secret)} after`)).toMatch(
      /^before [A-Za-z0-9+/_%=-]{0,12}\[secret\][A-Za-z0-9+/_%=-]{0,12} after$/,
    );
  });

  it.each([
    ['two spaces', 'correct  horse 42'],
    ['a tab', 'correct\thorse 42'],
    ["a line's end", 'correct horse 42\n'],
    ['a space that does not break', 'correct\u00a0horse 42'],
  ])('masks a secret with %s as pages and sentences show it', (_name, secret) => {
    const redactor = createRedactor();
    redactor.add(secret);

    expect(redactor.redact(`hub says: ${oneLine(secret)} is bad`)).toBe('hub says: [secret] is bad');
    expect(redactor.redact(`hub says: ${secret}`)).toMatch(/^hub says: \[secret\]\s*$/);
  });

  it('masks a long secret with white space whole, as it is and as pages and sentences show it', () => {
    const unit = fc.constantFrom(...'abcdefgh0123456789', ' ', '\n', '  ');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 65, maxLength: 250, size: 'max' }), (secret) => {
        const redactor = createRedactor();
        redactor.add(secret);

        expect(redactor.redact(`${FRAME}${secret}${FRAME}`)).toBe(`${FRAME}${MASK}${FRAME}`);
        const shown = secret.replaceAll(/\s+/g, ' ').trim();
        expect(redactor.redact(`${FRAME}${shown}${FRAME}`)).toBe(`${FRAME}${MASK}${FRAME}`);
      }),
      { numRuns: 300 },
    );
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

  it.each([
    ['as it is', 'p4ss/w+rd é', 'said "p4ss/w+… and more', 'said "[secret]… and more'],
    ['URL-encoded', 'p4ss/w+rd é', '?next=p4ss%2Fw…', '?next=[secret]…'],
    ['JSON-escaped', 'p4"ssw"rd', 'x p4\\"ssw\\…', 'x [secret]…'],
    [
      'basic authorization',
      'p4ssw0rd-2',
      `Basic ${btoa('probe:p4ssw0rd-2').slice(0, -4)}…`,
      'Basic cHJvYmU6[secret]…',
    ],
    [
      'base64 in lines',
      'correct-Horse9battery+staple/xyz01-correct-Horse9',
      `x ${btoa('correct-Horse9battery+staple/xyz01-correct-Horse9').slice(0, 50).replaceAll(/.{20}/g, '$&\r\n')}…`,
      'x [secret]…',
    ],
    [
      'base64 in escaped lines',
      'correct-Horse9battery+staple/xyz01-correct-Horse9',
      `x ${btoa('correct-Horse9battery+staple/xyz01-correct-Horse9').slice(0, 50).replaceAll(/.{20}/g, '$&\\r\\n')}…`,
      'x [secret]…',
    ],
    ['a few letters only', 'p4ssw0rd', 'p4ss… and p4ssw0', 'p4ss… and p4ssw0'],
  ])('masks what is left of a secret where a text was cut: %s', (_name, secret, text, expected) => {
    const redactor = createRedactor();
    redactor.add(secret);

    expect(redactor.redact(text)).toBe(expected);
  });

  it('finds what is not masked, and no secret in its own mask', () => {
    const redactor = createRedactor();
    redactor.add('secret');
    redactor.add('p4ssw0rd');

    expect(redactor.finds('here is [secret]')).toBe(false);
    expect(redactor.finds('[[secret]] of secrets')).toBe(true);
    expect(redactor.finds('x p4ssw0rd')).toBe(true);
  });

  it('does not mask what is too short to be told from other text', () => {
    const redactor = createRedactor();
    redactor.add('abc');
    redactor.add('');

    expect(redactor.redact('abc abcd')).toBe('abc abcd');
  });

  it('takes no more than its room where a text is full of a secret, or of white space', () => {
    const redactor = createRedactor();
    redactor.add('\0'.repeat(40));

    expect(redactor.redact(`${FRAME}${'A'.repeat(1_000_000)}${FRAME}`)).toBe(`${FRAME}${MASK}${FRAME}`);
    expect(redactor.redact(' '.repeat(20_000_000)).length).toBe(20_000_000);
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
