import type { Command } from 'commander';
import type { Criterion } from '../core/criterion.ts';
import type { FleetWish } from '../trial/fleet.ts';
import { criteriaList, duration, positive, positiveDuration, rate, share } from './parse-option.ts';

export interface FleetFlags {
  readonly hubs: number;
  readonly clusters: number;
  readonly probes: readonly Criterion[];
  readonly every: number;
  readonly jitter: number;
  readonly days: number;
  readonly flake: number;
  readonly errored: number;
  readonly outages: number;
  readonly clusterOutages: number;
  readonly outageDuration: number;
  readonly restarts: number;
  readonly restartDuration: number;
  readonly bursts: number;
  readonly burstDuration: number;
  readonly burstFlake: number;
  readonly runDuration: number;
  readonly failedRunDuration: number;
  readonly spread: number;
  readonly seed: string;
}

const MINUTE = 60_000;

/** The options that say what fleet to make up, and what goes wrong in it. */
export function addFleetOptions(command: Command): Command {
  return command
    .option('--hubs <n>', 'how many hubs', positive, 80)
    .option('--clusters <n>', 'over how many clusters', positive, 8)
    .option('--probes <list>', 'what is probed; flakes hit the last of them', criteriaList, [
      'login',
      'server',
    ])
    .option('--every <duration>', 'time between scheduled runs', positiveDuration, 10 * MINUTE)
    .option('--jitter <duration>', 'each run starts up to this much later', duration, MINUTE)
    .option('--days <n>', 'for how long', positive, 30)
    .option('--flake <share>', 'of runs that fail without a fault', share, 0.01)
    .option('--errored <share>', 'of runs that end by our own fault and tell nothing', share, 0.01)
    .option('--outages <rate>', 'per hub and month', rate, 0.5)
    .option('--cluster-outages <rate>', 'per cluster and month, of all its hubs', rate, 0.2)
    .option(
      '--outage-duration <duration>',
      'median; one of twenty lasts five times as long',
      positiveDuration,
      2_700_000,
    )
    .option('--restarts <rate>', 'short interruptions that end by themselves, per hub and month', rate, 0)
    .option('--restart-duration <duration>', 'of each', positiveDuration, MINUTE)
    .option(
      '--bursts <rate>',
      'of trouble of our own that looks like the fault of all hubs, per month',
      rate,
      0,
    )
    .option('--burst-duration <duration>', 'of each', positiveDuration, 5 * MINUTE)
    .option('--burst-flake <share>', 'of runs that fail in it', share, 0.5)
    .option('--run-duration <duration>', 'median', positiveDuration, 20_000)
    .option('--failed-run-duration <duration>', 'median, of runs that fail', positiveDuration, 30_000)
    .option('--spread <n>', 'how far these lie from their medians; 0: not at all', rate, 0.4)
    .option('--seed <text>', 'the same seed, the same result', '1');
}

export function fleetOf(flags: FleetFlags): FleetWish {
  const {
    every,
    jitter,
    outageDuration,
    restartDuration,
    burstDuration,
    runDuration,
    failedRunDuration,
    ...fleet
  } = flags;
  return {
    ...fleet,
    intervalMs: every,
    jitterMs: jitter,
    outageMs: outageDuration,
    restartMs: restartDuration,
    burstMs: burstDuration,
    runMs: runDuration,
    failedRunMs: failedRunDuration,
  };
}
