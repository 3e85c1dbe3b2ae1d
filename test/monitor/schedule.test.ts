import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { intervalMs } from '../../src/monitor/interval.ts';
import { type ScheduleParts, startSchedule } from '../../src/monitor/schedule.ts';
import type { Offer } from '../../src/queue/queue.ts';
import { longestGapMs } from '../../src/schedule-gaps.ts';
import { hub } from '../core/hub.ts';

const MINUTE = 60_000;
const START = '2026-03-01T10:03:00.000Z';

function world(change: Partial<ScheduleParts> = {}, answer: () => Offer['kind'] = () => 'accepted') {
  const heard: string[] = [];
  const schedule = startSchedule({
    hubs: [hub()],
    queue: {
      offer: (request) => {
        heard.push(
          `${new Date().toISOString().slice(11, 19)} ${request.hub} ${request.trigger} ${request.attempt} ${request.because}`,
        );
        const kind = answer();
        const flight = { id: 'R', request, state: 'queued', queuedAt: '', startedAt: null } as const;
        if (kind === 'login-limit') return { kind, next: new Date(START) };
        return kind === 'closed' ? { kind } : { kind, flight };
      },
    },
    observer: {
      runSkipped: (name, reason) => heard.push(`skipped ${name} ${reason}`),
      scheduleLag: (seconds) => heard.push(`lag ${Math.round(seconds)}`),
    },
    log: (level, text, fields) => void (level === 'warn' && heard.push(`${text} ${String(fields['slot'])}`)),
    now: () => new Date(),
    random: () => 0.5,
    ...change,
  });
  return { schedule, heard };
}

// A cron schedule is made of clock and timers; nothing else in these tests is.
beforeEach(() => {
  vi.useFakeTimers({ now: new Date(START) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('startSchedule', () => {
  it('offers a run at every slot, in UTC', async () => {
    const { heard } = world();

    await vi.advanceTimersByTimeAsync(18 * MINUTE);

    expect(heard).toEqual([
      'lag 0',
      '10:10:00 staging schedule 1 scheduled (*/10 * * * *)',
      'lag 0',
      '10:20:00 staging schedule 1 scheduled (*/10 * * * *)',
    ]);
  });

  it('spreads hubs by their jitter', async () => {
    const draws = [0.25, 0.75];
    const { heard } = world({
      hubs: [hub({ jitterMs: MINUTE }), hub({ name: 'other', jitterMs: MINUTE })],
      random: () => draws.shift() ?? 0,
    });

    await vi.advanceTimersByTimeAsync(9 * MINUTE);

    expect(heard.filter((line) => line.includes('schedule'))).toEqual([
      expect.stringMatching(/^10:10:15 staging/),
      expect.stringMatching(/^10:10:45 other/),
    ]);
  });

  it.each(['in-flight', 'closed'] as const)(
    'counts a slot that is skipped because it is %s',
    async (kind) => {
      const { heard } = world({}, () => kind);

      await vi.advanceTimersByTimeAsync(8 * MINUTE);

      expect(heard.at(-1)).toBe(`skipped staging ${kind}`);
    },
  );

  it('knows when the next run is due, jitter included', async () => {
    const { schedule } = world({ hubs: [hub({ jitterMs: 2 * MINUTE })] });

    expect(schedule.nextRun('staging')).toEqual(new Date('2026-03-01T10:10:00Z'));
    await vi.advanceTimersByTimeAsync(7.5 * MINUTE);
    expect(schedule.nextRun('staging')).toEqual(new Date('2026-03-01T10:11:00Z'));
    await vi.advanceTimersByTimeAsync(MINUTE);
    expect(schedule.nextRun('staging')).toEqual(new Date('2026-03-01T10:20:00Z'));
    expect(schedule.nextRun('nowhere')).toBeNull();
  });

  it('offers nothing any more after the end, not even what was delayed', async () => {
    const { schedule, heard } = world({ hubs: [hub({ jitterMs: 2 * MINUTE })] });
    await vi.advanceTimersByTimeAsync(7.5 * MINUTE);

    schedule.stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);

    expect(heard).toEqual([]);
    expect(schedule.nextRun('staging')).toBeNull();
  });

  it('still runs a slot that it meets a little late, and says how late', async () => {
    const { heard } = world();

    vi.setSystemTime(new Date('2026-03-01T10:03:20Z'));
    await vi.advanceTimersByTimeAsync(7.5 * MINUTE);

    expect(heard).toEqual(['lag 20', '10:10:20 staging schedule 1 scheduled (*/10 * * * *)']);
  });

  it('does not make up for what it slept through', async () => {
    const { heard } = world();

    vi.setSystemTime(new Date('2026-03-01T11:05:00Z'));
    await vi.advanceTimersByTimeAsync(15.5 * MINUTE);

    expect(heard.filter((line) => line.includes('schedule 1'))).toEqual([expect.stringMatching(/^11:20:00/)]);
    expect(heard.filter((line) => line.startsWith('a scheduled run was slept through'))).toHaveLength(7);
  });

  it('goes on at the next slot when the clock was set back, and says so', async () => {
    const { schedule, heard } = world();
    await vi.advanceTimersByTimeAsync(2 * MINUTE);

    vi.setSystemTime(new Date('2026-03-01T07:05:00Z'));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(schedule.nextRun('staging')).toEqual(new Date('2026-03-01T07:10:00Z'));
    await vi.advanceTimersByTimeAsync(15 * MINUTE);

    expect(heard.filter((line) => line.includes('schedule 1')).map((line) => line.slice(0, 8))).toEqual([
      '07:10:00',
      '07:20:00',
    ]);
    expect(heard.filter((line) => line.startsWith('the clock was set back'))).toHaveLength(1);
    schedule.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets a jitter longer than the interval thin out the runs, not starve them', async () => {
    const { heard } = world({ hubs: [hub({ schedule: '* * * * *', jitterMs: 5 * MINUTE })] });

    await vi.advanceTimersByTimeAsync(13 * MINUTE);

    expect(heard.filter((line) => line.includes('schedule 1'))).toHaveLength(4);
  });
});

describe('intervalMs', () => {
  it.each<[schedule: string, minutes: number]>([
    ['*/10 * * * *', 10],
    ['0 3 * * *', 24 * 60],
    ['0 8,9 * * *', 60],
    ['*/30 * * * * *', 0.5],
    ['0 3 * * 1', 7 * 24 * 60],
  ])('of %s is %d minutes', (schedule, minutes) => {
    expect(intervalMs(schedule)).toBe(minutes * MINUTE);
  });
});

describe('longestGapMs', () => {
  const DAY = 24 * 60;

  it.each<[schedule: string, minutes: number]>([
    ['*/10 * * * *', 10],
    ['*/30 * * * * *', 0.5],
    ['0 3 * * *', DAY],
    ['0 8,12 * * *', 20 * 60],
    ['*/10 8-18 * * 1-5', 2 * DAY + 13 * 60 + 10],
    ['0 3 * * 1', 7 * DAY],
    ['0 3 * * 1,2,5', 3 * DAY],
    // An upper bound where days of the month or months are left out.
    ['0 3 1 * *', 32 * DAY],
    ['0 3 * 1 *', 367 * DAY],
  ])('of %s is %d minutes', (schedule, minutes) => {
    expect(longestGapMs(schedule)).toBe(minutes * MINUTE);
  });
});
