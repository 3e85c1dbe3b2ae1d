import { createTask, parse } from 'node-cron';
import type { Hub } from '../core/hub.ts';
import type { Rhythm } from '../core/rhythm.ts';

const SLOTS_LOOKED_AT = 10;

/** The rhythm of a schedule in milliseconds: the shortest time between two of its next slots. */
export function intervalMs(schedule: string): number {
  const task = createTask(schedule, () => {}, { timezone: 'UTC' });
  try {
    const slots = task.getNextRuns(SLOTS_LOOKED_AT).map((slot) => slot.getTime());
    return Math.min(...slots.slice(1).map((slot, index) => slot - (slots[index] ?? slot)));
  } finally {
    void task.destroy();
  }
}

/** How far apart the scheduled runs of a hub are, jitter included. */
export function rhythmOf({ schedule, jitterMs }: Pick<Hub, 'schedule' | 'jitterMs'>): Rhythm {
  return {
    intervalMs: intervalMs(schedule) + jitterMs,
    longestGapMs: longestGapMs(schedule) + jitterMs,
  };
}

const DAY_MS = 86_400_000;

/**
 * At most so much lies between two of its slots, in milliseconds: the longest time between two in a day, or from the last to
 * the first of the next day that has some. With days of the month or months left out it is more than it may be.
 */
export function longestGapMs(schedule: string): number {
  const { hour, minute, second, dayOfMonth, month, dayOfWeek } = parse(schedule);
  const times = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => ((h * 60 + m) * 60 + s) * 1000)))
    .toSorted((one, other) => one - other);
  const [first = 0] = times;
  const overNight = first + DAY_MS - (times.at(-1) ?? first);
  const weekdays = dayOfWeek.filter((day) => typeof day === 'number');
  const daysLeftOut = Math.max(
    longestStep(weekdays, 7) - 1,
    // Such as the last of the month, or its second Monday.
    weekdays.length < dayOfWeek.length || dayOfMonth.length < 31 ? 31 : 0,
    month.length < 12 ? 366 : 0,
  );
  const inDay = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return inDay.reduce((longest, gap) => Math.max(longest, gap), overNight + daysLeftOut * DAY_MS);
}

/** The longest way from one of these numbers to the next, around the clock. */
function longestStep(numbers: readonly number[], around: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const steps = sorted.map((number, index) => (sorted[index + 1] ?? (sorted[0] ?? 0) + around) - number);
  return Math.max(1, ...steps);
}
