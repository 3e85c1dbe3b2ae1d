import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/config/duration.ts';
import { nearest } from '../../src/config/nearest.ts';
import { shortestGapMs } from '../../src/schedule-gaps.ts';
import { parseSize } from '../../src/config/size.ts';

const safe = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['12m', 720_000],
    ['24h', 86_400_000],
    ['14d', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['5ms', 5],
    ['1m5ms', 60_005],
    ['0s', 0],
    ['', null],
    ['s', null],
    ['90', null],
    ['1.5h', null],
    ['-1s', null],
    ['30m1h', null],
    ['1m1m', null],
    ['1 m', null],
    ['1S', null],
    ['99999999999999d', null],
  ])('%j is %j ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('are written so that they read the same', () => {
    fc.assert(
      fc.property(safe, (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });

  it('are never read from other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'1290dhms. -') }), (text) => {
        const ms = parseDuration(text);
        if (ms !== null) expect(parseDuration(formatDuration(ms))).toBe(ms);
        if (!/^[\ddhms]+$/.test(text)) expect(ms).toBeNull();
      }),
    );
  });
});

describe('sizes', () => {
  it.each([
    ['1GiB', 1024 ** 3],
    ['500MiB', 500 * 1024 ** 2],
    ['64KiB', 65_536],
    ['100B', 100],
    ['1GB', null],
    ['1Gi', null],
    ['1 GiB', null],
    ['1.5GiB', null],
    ['100', null],
    ['', null],
    ['99999999TiB', null],
  ])('%j is %j bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it('are a number of units', () => {
    const units = fc.constantFrom(
      ['B', 1],
      ['KiB', 1024],
      ['MiB', 1024 ** 2],
      ['GiB', 1024 ** 3],
      ['TiB', 1024 ** 4],
    );
    fc.assert(
      fc.property(fc.nat({ max: 8_000 }), units, (number, [unit, bytes]) => {
        expect(parseSize(`${number}${unit}`)).toBe(number * Number(bytes));
      }),
    );
  });
});

describe('shortestGapMs', () => {
  it.each([
    ['*/10 * * * *', 600_000],
    ['0,50 * * * *', 600_000],
    ['59 23 * * *', 86_400_000],
    ['0 0,23 * * *', 3_600_000],
    ['0 6 * * 1', 86_400_000],
    ['*/20 * * * * *', 20_000],
    ['@hourly', 3_600_000],
  ])('between runs of %j is %j', (schedule, ms) => {
    expect(shortestGapMs(schedule)).toBe(ms);
  });
});

describe('nearest', () => {
  it.each([
    ['hub', ['hubs', 'github'], 'hubs'],
    ['Deadline', ['deadline'], 'deadline'],
    ['startTimout', ['startTimeout', 'slowAfter'], 'startTimeout'],
    ['colour', ['name', 'url', 'cluster'], null],
    ['x', [], null],
  ])('to %j among %j is %j', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});
