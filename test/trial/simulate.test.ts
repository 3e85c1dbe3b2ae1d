import { describe, expect, it } from 'vitest';
import { type FleetWish, makeFleet } from '../../src/trial/fleet.ts';
import { measure } from '../../src/trial/measure.ts';
import { simulate } from '../../src/trial/simulate.ts';
import { poissonRange } from '../../src/trial/statistics.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { hub } from '../core/hub.ts';

const MINUTE = 60_000;

/** A fleet to which nothing happens, and whose runs take no longer or shorter than half a minute. */
function fleet(change: Partial<FleetWish> = {}): FleetWish {
  return {
    hubs: 40,
    clusters: 40,
    probes: ['login', 'server'],
    intervalMs: 10 * MINUTE,
    jitterMs: MINUTE,
    days: 30,
    flake: 0,
    errored: 0,
    outages: 0,
    clusterOutages: 0,
    outageMs: 45 * MINUTE,
    restarts: 0,
    restartMs: MINUTE,
    bursts: 0,
    burstMs: 5 * MINUTE,
    burstFlake: 0.5,
    runMs: 30_000,
    failedRunMs: 30_000,
    spread: 0,
    seed: 'test',
    ...change,
  };
}

function tried(change: Partial<FleetWish>, criteria = CRITERIA_IN_TESTS) {
  const wish = fleet(change);
  return measure(wish, simulate(wish, criteria, hub()));
}

describe('a simulated fleet', () => {
  it('is the same for the same seed, and another for another', () => {
    const wish = { hubs: 4, days: 4, flake: 0.02, errored: 0.01, outages: 10, spread: 0.4 };

    expect(tried(wish)).toEqual(tried(wish));
    expect(tried({ ...wish, seed: 'other' })).not.toEqual(tried(wish));
  });

  it('is looked at as often as the schedule says, and nothing is declared while all is well', () => {
    const { runs, declared } = tried({ hubs: 10, days: 3 });

    expect(runs).toEqual({ scheduled: 10 * 3 * 144, confirming: 0, skipped: 0 });
    expect(declared.all).toBe(0);
  });

  it('meets as many outages as it was wished, for as long', () => {
    const wish = fleet({ hubs: 100, clusters: 10, outages: 10, clusterOutages: 3, days: 300, restarts: 1 });
    const outages = makeFleet(wish).hubs.flatMap(({ outages: own }) => own);

    const number = (kind: string) => outages.filter((each) => each.kind === kind).length / 100 / 10;
    // An outage ends before the next begins: a little rarer than wished.
    expect(number('hub')).toBeCloseTo(10, -0.5);
    expect(number('cluster')).toBeCloseTo(3, -0.5);
    expect(number('restart')).toBeCloseTo(1, 0.5);
    const lengths = outages.filter(({ kind }) => kind === 'hub').map(({ fromMs, toMs }) => toMs - fromMs);
    const sorted = lengths.toSorted((one, other) => one - other);
    expect((sorted[Math.floor(sorted.length / 2)] ?? 0) / (45 * MINUTE)).toBeCloseTo(1, 1);
  });
});

describe('against arithmetic', () => {
  /** A first failure, and all confirmations after it: p to the power of one more than there are confirmations. */
  it.each([
    { flake: 0.15, confirmAfterMs: [MINUTE, 2 * MINUTE] },
    { flake: 0.05, confirmAfterMs: [MINUTE] },
  ])(
    'false declarations at a flake rate of $flake with $confirmAfterMs.length confirmations',
    ({ flake, confirmAfterMs }) => {
      const { declare } = CRITERIA_IN_TESTS;
      const criteria = { ...CRITERIA_IN_TESTS, declare: { ...declare, confirmAfterMs } };

      const { declared, runs } = tried({ hubs: 8, days: 10, flake }, criteria);

      const expected = runs.scheduled * flake ** (confirmAfterMs.length + 1);
      const { low, high } = poissonRange(declared.false.flake);
      expect(declared).toMatchObject({ right: 0, all: declared.false.flake });
      expect(expected).toBeGreaterThan(25);
      // A run while an incident is open declares nothing: a few per cent fewer than counted here.
      expect(expected * 0.8).toBeLessThan(high);
      expect(expected).toBeGreaterThan(low);
    },
  );

  it('time to declare: half an interval, two confirmations, and the runs themselves', () => {
    const { secondsToDeclare, outages } = tried({
      hubs: 10,
      days: 10,
      outages: 30,
      outageMs: 120 * MINUTE,
    });

    // The next run begins 0 to 10 min later and takes 0.5 min; 2 min after its end the last confirmation, another 0.5 min.
    expect(outages.missed).toBe(0);
    expect(outages.declared).toBeGreaterThan(15);
    expect(Math.abs((secondsToDeclare.median ?? 0) / 60 - (5 + 0.5 + 2 + 0.5))).toBeLessThan(1);
    expect(Math.abs((secondsToDeclare.p95 ?? 0) / 60 - (9.5 + 0.5 + 2 + 0.5))).toBeLessThan(1);
    // At most the interval and the jitter go by before the next run.
    expect(secondsToDeclare.longest).toBeLessThanOrEqual((11 + 3) * 60);
  });
});

describe('what is told apart', () => {
  it('outages that are over before anything can be declared', () => {
    const { outages, declared } = tried({ hubs: 20, outages: 20, outageMs: MINUTE, days: 10 });

    expect(outages.all).toBeGreaterThan(80);
    expect(outages.tooShort).toBeGreaterThan(0.8 * outages.all);
    expect(outages.missed).toBe(0);
    expect(outages.declared + outages.tooShort).toBe(outages.all);
    expect(declared.false.all).toBe(0);
  });

  it('missed outages, when the criteria ask for too much', () => {
    const { declare } = CRITERIA_IN_TESTS;
    const never = { ...CRITERIA_IN_TESTS, declare: { ...declare, confirmAfterMs: [], consecutive: 1000 } };

    const { outages } = tried({ hubs: 10, outages: 20, outageMs: 45 * MINUTE, days: 10 }, never);

    expect(outages.missed).toBeGreaterThan(20);
    expect(outages.declared).toBe(0);
  });

  it('restarts and our own trouble, when they are long enough to be confirmed', () => {
    const restarts = tried({ hubs: 10, restarts: 30, restartMs: 4 * MINUTE, days: 4 });
    const bursts = tried({ hubs: 10, bursts: 30, burstMs: 10 * MINUTE, burstFlake: 1, days: 4 });

    expect(restarts.declared.false).toMatchObject({ flake: 0, burst: 0, restart: restarts.declared.all });
    expect(restarts.declared.all).toBeGreaterThan(0);
    expect(bursts.declared.false).toMatchObject({ flake: 0, restart: 0, burst: bursts.declared.all });
    expect(bursts.declared.all).toBeGreaterThan(0);
  });

  it('runs that tell nothing: they delay and do not declare', () => {
    const { declared, runs } = tried({ hubs: 10, errored: 0.3, days: 4 });

    expect(declared.all).toBe(0);
    expect(runs.confirming).toBe(0);
  });
});
