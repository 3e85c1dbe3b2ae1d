import { parse } from 'node-cron';

const DAY_MS = 86_400_000;

/** The shortest time between two runs of a valid schedule, in milliseconds; a day when it runs once a day or less often. */
export function shortestGapMs(schedule: string): number {
  const { inDay, overNight } = gapsOfDay(schedule);
  // The weekdays and months only leave out whole days, so they never bring two runs closer together.
  return inDay.reduce((shortest, gap) => Math.min(shortest, gap), overNight);
}

/**
 * At most so much lies between two runs of a valid schedule, in milliseconds: the longest time between two in a day, or from
 * the last to the first of the next day that has some. With days of the month or months left out it is more than it may be.
 */
export function longestGapMs(schedule: string): number {
  const { inDay, overNight } = gapsOfDay(schedule);
  const { dayOfMonth, month, dayOfWeek } = parse(schedule);
  const weekdays = dayOfWeek.filter((day) => typeof day === 'number');
  const daysLeftOut = Math.max(
    longestStep(weekdays, 7) - 1,
    // Such as the last of the month, or its second Monday.
    weekdays.length < dayOfWeek.length || dayOfMonth.length < 31 ? 31 : 0,
    month.length < 12 ? 366 : 0,
  );
  return inDay.reduce((longest, gap) => Math.max(longest, gap), overNight + daysLeftOut * DAY_MS);
}

/** Between the times of a day, and from the last to the first of the next day. */
function gapsOfDay(schedule: string): { readonly inDay: readonly number[]; readonly overNight: number } {
  const { hour, minute, second } = parse(schedule);
  const times = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1000)))
    .toSorted(ascending);
  const [first = 0] = times;
  return {
    inDay: times.slice(1).map((time, index) => time - (times[index] ?? time)),
    overNight: first + DAY_MS - (times.at(-1) ?? first),
  };
}

/** The longest way from one of these numbers to the next, around the clock. */
function longestStep(numbers: readonly number[], around: number): number {
  const sorted = numbers.toSorted(ascending);
  const steps = sorted.map((number, index) => (sorted[index + 1] ?? (sorted[0] ?? 0) + around) - number);
  return Math.max(1, ...steps);
}

function ascending(a: number, b: number): number {
  return a - b;
}
