import type { Criteria } from '../../../src/core/criteria.ts';
import type { Hub } from '../../../src/core/hub.ts';
import type { FleetWish } from '../../../src/trial/fleet.ts';
import { type Measures, measure } from '../../../src/trial/measure.ts';
import { simulate } from '../../../src/trial/simulate.ts';
import { SETTINGS, type Setting, criteriaWith, failuresNeeded } from './settings.ts';

export const FLAKES = [0.005, 0.01, 0.02, 0.05] as const;
/** How long a restart keeps users out, in seconds. */
export const RESTARTS = [60, 120, 180] as const;
/** So many are enough to count; where more are to be expected, less time is made up for it. */
const COUNTED = 60;
const DAYS = { most: 60, least: 3 };

/** What one setting came to. */
export interface Trial {
  readonly setting: Setting;
  /** Per 80 hubs and month, by flake rate: counted, and as n · p^k says. */
  readonly byFlake: readonly {
    readonly flake: number;
    readonly counted: Measures['declared']['falsePerMonth'];
    readonly arithmetic: number;
  }[];
  readonly toDeclare: Measures['secondsToDeclare'] & { readonly outages: number; readonly missed: number };
  /** Of 100 restarts of a hub, how many were declared, by how long they keep users out. */
  readonly restartsDeclared: readonly { readonly seconds: number; readonly percent: number }[];
}

/** Nothing happens to this fleet but flakes; 80 hubs, looked at every ten minutes. */
const CALM: FleetWish = {
  hubs: 80,
  clusters: 8,
  probes: ['login', 'server'],
  intervalMs: 600_000,
  jitterMs: 60_000,
  days: DAYS.most,
  flake: 0.01,
  errored: 0.01,
  outages: 0,
  clusterOutages: 0,
  outageMs: 2_700_000,
  restarts: 0,
  restartMs: 60_000,
  bursts: 0,
  burstMs: 300_000,
  burstFlake: 0.5,
  runMs: 20_000,
  failedRunMs: 30_000,
  spread: 0.4,
  seed: 'curve',
};
const RUNS_A_MONTH = (CALM.hubs * 30 * 86_400_000) / CALM.intervalMs;

export function tryAll(defaults: Criteria, pattern: Hub, say: (line: string) => void): readonly Trial[] {
  return SETTINGS.map((setting) => {
    say(setting.name);
    const criteria = criteriaWith(setting, defaults);
    const live = (wish: Partial<FleetWish>): Measures => {
      const fleet = { ...CALM, ...wish };
      return measure(fleet, simulate(fleet, criteria, pattern));
    };
    const outages = live({ hubs: 40, clusters: 10, outages: 8, days: 45 });
    return {
      setting,
      byFlake: FLAKES.map((flake) => {
        const arithmetic = RUNS_A_MONTH * flake ** failuresNeeded(setting, criteria);
        const days = Math.max(DAYS.least, Math.min(DAYS.most, Math.ceil((30 * COUNTED) / arithmetic)));
        return { flake, counted: live({ flake, days }).declared.falsePerMonth, arithmetic };
      }),
      toDeclare: {
        ...outages.secondsToDeclare,
        outages: outages.outages.all,
        missed: outages.outages.missed,
      },
      restartsDeclared: RESTARTS.map((seconds) => {
        const wish = { hubs: 20, clusters: 20, flake: 0, restarts: 30, restartMs: seconds * 1000, days: 30 };
        return { seconds, percent: (100 * live(wish).declared.false.restart) / (wish.hubs * wish.restarts) };
      }),
    };
  });
}
