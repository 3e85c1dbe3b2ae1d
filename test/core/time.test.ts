import { describe, expect, it } from 'vitest';
import { readableSpan, readableTime } from '../../src/core/time.ts';

const MINUTE = 60_000;

describe('readableSpan', () => {
  it.each<[ms: number, text: string]>([
    [0, 'less than a minute'],
    [29_999, 'less than a minute'],
    [MINUTE, '1 min'],
    [42 * MINUTE, '42 min'],
    [60 * MINUTE, '1 h'],
    [185 * MINUTE, '3 h 5 min'],
    [52 * 60 * MINUTE, '2 d 4 h'],
  ])('%d ms is %s', (ms, text) => {
    expect(readableSpan(ms)).toBe(text);
  });
});

describe('readableTime', () => {
  it('leaves out what nobody reads', () => {
    expect(readableTime('2026-03-01T10:02:33.123Z')).toBe('2026-03-01 10:02 UTC');
  });
});
