import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Agenda } from '../../src/trial/agenda.ts';
import { createRandom, exponential, lognormal } from '../../src/trial/random.ts';
import { poissonRange, quantile } from '../../src/trial/statistics.ts';

describe('quantiles', () => {
  it.each([
    { values: [], share: 0.5, is: null },
    { values: [7], share: 0.95, is: 7 },
    { values: [3, 1, 2], share: 0.5, is: 2 },
    { values: [4, 1, 3, 2], share: 0.5, is: 2.5 },
    { values: [0, 10, 20], share: 0.95, is: 19 },
    { values: [5, 9], share: 1, is: 9 },
  ])('of $values at $share: $is', ({ values, share, is }) => {
    expect(quantile(values, share)).toBe(is);
  });
});

describe('what a count says of its mean', () => {
  // Garwood 1936, as in every table of exact Poisson limits.
  it.each([
    [0, 0, 3.689],
    [1, 0.0253, 5.572],
    [4, 1.09, 10.242],
    [10, 4.795, 18.39],
    [100, 81.364, 121.627],
    [1000, 938.97, 1063.96],
  ])('%d lies between %d and %d', (count, low, high) => {
    const range = poissonRange(count);

    expect(range.low).toBeCloseTo(low, 1);
    expect(range.high / high).toBeCloseTo(1, 3);
  });
});

describe('random numbers', () => {
  const drawn = (seed: string, count: number) => {
    const { next } = createRandom(seed);
    return Array.from({ length: count }, () => next());
  };

  it('are the same for the same seed only', () => {
    expect(drawn('1', 5)).toEqual(drawn('1', 5));
    expect(drawn('1', 5)).not.toEqual(drawn('2', 5));
  });

  it('fill the space from 0 to 1 evenly', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const number of drawn('even', 100_000)) {
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    // Six standard deviations.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(600);
  });

  it('make waiting times and durations of the wanted middle', () => {
    const random = createRandom('middle');
    const waits = Array.from({ length: 20_000 }, () => exponential(random, 10));
    const durations = Array.from({ length: 20_000 }, () => lognormal(random, 45, 1));

    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(10, 0);
    expect((quantile(durations, 0.5) ?? 0) / 45).toBeCloseTo(1, 1);
    // e^1.645
    expect((quantile(durations, 0.95) ?? 0) / 45 / 5.18).toBeCloseTo(1, 0);
    expect(lognormal(random, 45, 0)).toBe(45);
  });
});

describe('an agenda', () => {
  it('gives the soonest first, and what is due together in the order in which it came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const agenda = new Agenda<number>();
        times.forEach((atMs, index) => agenda.add(atMs, index));

        const taken: { readonly atMs: number; readonly what: number }[] = [];
        for (let next = agenda.take(); next !== null; next = agenda.take()) taken.push(next);

        const sorted = times
          .map((atMs, what) => ({ atMs, what }))
          .toSorted((one, other) => one.atMs - other.atMs || one.what - other.what);
        expect(taken.map(({ atMs, what }) => ({ atMs, what }))).toEqual(sorted);
      }),
    );
  });
});
