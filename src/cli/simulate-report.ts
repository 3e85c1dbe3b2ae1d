import { formatDuration } from '../config/duration.ts';
import type { FleetWish } from '../trial/fleet.ts';
import type { Measures } from '../trial/measure.ts';
import { exactSpan } from './span.ts';

/** What a simulation came to, for people. */
export function simulationReport(fleet: FleetWish, measures: Measures): string {
  const { declared, outages, secondsToDeclare, runs } = measures;
  const { mean, low, high } = declared.falsePerMonth;
  const lines = [
    `${fleet.hubs} hubs in ${fleet.clusters} clusters, looked at every ${formatDuration(fleet.intervalMs)} (up to ${formatDuration(fleet.jitterMs)} later) for ${fleet.days} days; seed ${fleet.seed}`,
    ...whatHappens(fleet),
    '',
    line(
      'false declarations',
      `${number(mean)} per 80 hubs and month (${declared.false.all} in all; 95 % certain: ${number(low)} to ${number(high)})`,
    ),
    line('', causes(declared.false)),
    line(
      'outages of a hub',
      outages.all === 0
        ? 'none'
        : `${outages.all}: ${outages.declared} declared, ${outages.missed} missed, ${outages.tooShort} over before`,
    ),
    line('time to declare', timeToDeclare(secondsToDeclare)),
    line(
      'runs',
      `${runs.scheduled.toLocaleString('en')} scheduled, ${runs.confirming.toLocaleString('en')} confirming, ${runs.skipped.toLocaleString('en')} skipped`,
    ),
  ];
  return `${lines.filter((each) => each.trim() !== '' || each === '').join('\n')}\n`;
}

function whatHappens(fleet: FleetWish): readonly string[] {
  const duration = formatDuration;
  return [
    `${percent(fleet.flake)} of runs fail without a fault, ${percent(fleet.errored)} tell nothing; a run takes ${duration(fleet.runMs)}, a failing one ${duration(fleet.failedRunMs)}`,
    `per month: ${fleet.outages} outages of a hub and ${fleet.clusterOutages} of a cluster (${duration(fleet.outageMs)} in the median), ${fleet.restarts} restarts of a hub (${duration(fleet.restartMs)}), ${fleet.bursts} bursts of trouble of our own (${duration(fleet.burstMs)}, in which ${percent(fleet.burstFlake)} of runs fail)`,
  ];
}

function causes({ all, flake, restart, burst }: Measures['declared']['false']): string {
  return all === 0 ? '' : `${flake} of flakes, ${restart} of restarts, ${burst} of trouble of our own`;
}

function timeToDeclare({ median, p95, longest }: Measures['secondsToDeclare']): string {
  if (median === null || p95 === null || longest === null) return 'nothing to be declared';
  return `${exactSpan(median)} in the median, 95 % within ${exactSpan(p95)}, ${exactSpan(longest)} at most, from the moment the outage begins`;
}

function line(name: string, text: string): string {
  return `${name.padEnd(20)}${text}`.trimEnd();
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function number(value: number): string {
  return value === 0 ? '0' : value.toPrecision(2);
}
