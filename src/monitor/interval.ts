import { createTask } from 'node-cron';
import type { Hub } from '../core/hub.ts';
import type { Rhythm } from '../core/rhythm.ts';
import { longestGapMs } from '../schedule-gaps.ts';

const SLOTS_LOOKED_AT = 10;

/** By schedule: to find the next slots takes 3 to 12 ms, and every scrape of the metrics wants them of every hub. */
const intervals = new Map<string, number>();

/** The rhythm of a schedule in milliseconds: the shortest time between two of the slots that came next when it was first asked for. */
export function intervalMs(schedule: string): number {
  const known = intervals.get(schedule);
  if (known !== undefined) return known;
  const interval = shortestOfNext(schedule);
  intervals.set(schedule, interval);
  return interval;
}

function shortestOfNext(schedule: string): number {
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
