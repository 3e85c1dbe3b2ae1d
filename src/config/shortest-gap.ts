import { parse } from 'node-cron';

const DAY_MS = 86_400_000;

/** The shortest time between two runs of a valid schedule, in milliseconds; a day when it runs once a day or less often. */
export function shortestGapMs(schedule: string): number {
  const { hour, minute, second } = parse(schedule);
  // The weekdays and months only leave out whole days, so they never bring two runs closer together.
  const times = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1000)))
    .toSorted(ascending);
  const gaps = times.map((time, index) => (times[index + 1] ?? (times[0] ?? 0) + DAY_MS) - time);
  return gaps.reduce((shortest, gap) => Math.min(shortest, gap), DAY_MS);
}

function ascending(a: number, b: number): number {
  return a - b;
}
