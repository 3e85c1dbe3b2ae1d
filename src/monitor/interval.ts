import { createTask } from 'node-cron';

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
