import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain, quoted, quotedBlock } from '../../src/core/markdown.ts';

/** Text as hostile hubs write it. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('`', '|', '<', '>', '\n', '\r', '@', '[', ']', '(', ')', '!', '\\', '-', 'a'),
      }),
      fc.constantFrom(
        '<!-- hubcanary:incident id=1 -->',
        '```',
        '@everyone',
        '![x](https://x.test/)',
        '\ud800',
        '\u202e',
      ),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));
const max = fc.integer({ min: 20, max: 300 });

describe('quoted', () => {
  it('keeps ordinary words as they are', () => {
    expect(quoted('  0/3 nodes are available:\n 3 Insufficient memory. ', 100)).toBe(
      '`0/3 nodes are available: 3 Insufficient memory.`',
    );
  });

  it.each<[foreign: string, shown: string]>([
    ['ping @octocat', '`ping @octocat`'],
    ['a `code` b', "`a 'code' b`"],
    ['a | b', '`a ¦ b`'],
    ['<!-- x --><img src=y>', '`‹!-- x --›‹img src=y›`'],
    [' \n ', '(nothing)'],
    ['abcdefghijklmnop', '`abcdefg…`'],
  ])('shows %j as %s', (foreign, shown) => {
    expect(quoted(foreign, foreign === 'abcdefghijklmnop' ? 10 : 100)).toBe(shown);
  });

  it('is one code span on one line within its limit, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, max, (text, limit) => {
        const span = quoted(text, limit);

        expect(span).toMatch(/^(\(nothing\)|`[^`|<>\p{C}\p{Zl}\p{Zp}]+`)$/u);
        expect(span.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('quotedBlock', () => {
  it('is one code block of one line within its limit, whatever it is given', () => {
    fc.assert(
      fc.property(hostile, max, (text, limit) => {
        const block = quotedBlock(text, limit);

        expect(block).toMatch(/^```text\n[^`|<>\p{C}\p{Zl}\p{Zp}]+\n```$/u);
        expect(block.length).toBeLessThanOrEqual(Math.max(limit, 25));
      }),
    );
  });
});

describe('plain', () => {
  it('leaves only words and the plainest punctuation', () => {
    fc.assert(
      fc.property(hostile, max, (text, limit) => {
        expect(plain(text, limit)).toMatch(/^[\p{L}\p{N} ,'()…-]*$/u);
        expect(plain(text, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('keeps the names of steps', () => {
    expect(plain('wait for 1 worker (dask)', 80)).toBe('wait for 1 worker (dask)');
  });
});
