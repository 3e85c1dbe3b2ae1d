import type { Config } from '../config/config.ts';
import type { FleetWish } from '../trial/fleet.ts';
import { type Measures, measure } from '../trial/measure.ts';
import { simulate } from '../trial/simulate.ts';
import { EXIT } from './exit-status.ts';
import { simulationReport } from './simulate-report.ts';
import type { Terminal } from './terminal.ts';

export interface SimulateOptions {
  readonly fleet: FleetWish;
  readonly json: boolean;
}

/** Lives through made-up months under the configured criteria, and says how often they were wrong. @returns the exit status. */
export function simulateFleet(
  { criteria, hubs }: Config,
  { fleet, json }: SimulateOptions,
  terminal: Terminal,
): number {
  if (fleet.clusters > fleet.hubs) {
    terminal.stderr.write('there are more clusters than hubs: give --clusters, or more --hubs\n');
    return EXIT.usage;
  }
  const [pattern] = hubs;
  if (pattern === undefined) throw new Error('a configuration has at least one hub');
  const startedAt = performance.now();
  const measures = measure(fleet, simulate(fleet, criteria, pattern));
  terminal.stdout.write(
    json
      ? `${JSON.stringify(simulationJson(fleet, measures), null, 2)}\n`
      : simulationReport(fleet, measures),
  );
  terminal.stderr.write(`simulated in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
  return EXIT.passed;
}

/** Durations are seconds. */
function simulationJson(fleet: FleetWish, measures: Measures): unknown {
  const seconds = Object.entries(fleet).map(([key, value]: [string, unknown]) =>
    key.endsWith('Ms') && typeof value === 'number'
      ? [`${key.slice(0, -2)}Seconds`, value / 1000]
      : [key, value],
  );
  return { fleet: Object.fromEntries(seconds), ...measures };
}
