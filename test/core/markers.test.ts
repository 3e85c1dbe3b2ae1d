import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginsWith,
  effectMarker,
  incidentMarker,
  replaceBlocks,
  wrapBlock,
} from '../../src/core/markers.ts';

const words = fc.string().filter((text) => !text.includes('<!--'));

describe('markers', () => {
  it.each([
    [`${incidentMarker('1')}\ntext`, true],
    [`${incidentMarker('1')}\r\ntext`, true],
    [`${incidentMarker('2')}\ntext`, false],
    [`text\n${incidentMarker('1')}`, false],
    [effectMarker('1'), false],
    [null, false],
    ['', false],
  ])('of incident 1 begins %j: %s', (body, expected) => {
    expect(beginsWith(body, incidentMarker('1'))).toBe(expected);
  });
});

describe('blocks', () => {
  it('are brought up to date and nothing around them changes', () => {
    fc.assert(
      fc.property(words, words, words, words, (before, old, after, fresh) => {
        const body = `${before}${wrapBlock('status', old)}${after}`;

        expect(replaceBlocks(body, { status: fresh })).toBe(`${before}${wrapBlock('status', fresh)}${after}`);
      }),
    );
  });

  it('survive line endings from the browser', () => {
    const body = `a\n${wrapBlock('status', 'old')}\nb`.replaceAll('\n', '\r\n');

    expect(replaceBlocks(body, { status: 'new' })).toBe(`a\r\n${wrapBlock('status', 'new')}\r\nb`);
  });

  it.each([
    ['that a human removed stay away', 'only words'],
    ['whose end a human cut off stay as they are', '<!-- hubcanary:block status -->\nhalf'],
  ])('%s', (_, body) => {
    expect(replaceBlocks(body, { status: 'new' })).toBe(body);
  });

  it('of other names stay', () => {
    const body = `${wrapBlock('status', 's')}\n${wrapBlock('timeline', 't')}`;

    expect(replaceBlocks(body, { timeline: 'x' })).toBe(
      `${wrapBlock('status', 's')}\n${wrapBlock('timeline', 'x')}`,
    );
  });
});
