import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConfirmationLimits, createConfirmations } from '../../src/monitor/confirmations.ts';
import { at } from '../core/history.ts';

const MINUTE = 60_000;

// What is tested is when a timer fires.
beforeEach(() => {
  vi.useFakeTimers({ now: new Date(at(0)) });
});
afterEach(() => {
  vi.useRealTimers();
});

function world(limits: Partial<ConfirmationLimits> = {}) {
  const asked: string[] = [];
  const confirmations = createConfirmations({
    requestRun: ({ hub, trigger, attempt, account }) =>
      asked.push(`${hub} ${trigger} ${attempt} ${account}`) > 0,
    clusterOf: (hub) => hub.split('-')[1] ?? null,
    limits: { atOnce: 9, atOncePerCluster: 9, spreadMs: 0, ...limits },
    now: () => new Date(),
  });
  return { ...confirmations, asked };
}

function confirmation(minute: number, attempt = 2) {
  return { at: at(minute), attempt, account: 'second' as const, because: 'a test' };
}

describe('createConfirmations', () => {
  it('asks once, when it is due', () => {
    const { arrange, asked } = world();

    arrange('staging', confirmation(2));
    vi.advanceTimersByTime(1.9 * MINUTE);
    expect(asked).toEqual([]);
    vi.advanceTimersByTime(10 * MINUTE);

    expect(asked).toEqual(['staging confirm 2 second']);
  });

  it('has one per hub: the last that was arranged', () => {
    const { arrange, asked } = world();

    arrange('staging', confirmation(1, 2));
    arrange('other', confirmation(1, 2));
    arrange('staging', confirmation(2, 3));
    vi.advanceTimersByTime(10 * MINUTE);

    expect(asked).toEqual(['other confirm 2 second', 'staging confirm 3 second']);
  });

  it('can be called off, for one hub or for all', () => {
    const { arrange, clear, asked } = world();

    arrange('staging', confirmation(1));
    arrange('staging', null);
    arrange('other', confirmation(1));
    clear();
    vi.advanceTimersByTime(10 * MINUTE);

    expect(asked).toEqual([]);
  });

  it('spreads hubs that failed at the same moment, each always by the same', () => {
    const times = () => {
      vi.setSystemTime(at(0));
      const begun: string[] = [];
      const { arrange } = createConfirmations({
        requestRun: ({ hub }) => begun.push(`${hub} ${Date.now() - Date.parse(at(0))}`) > 0,
        clusterOf: () => null,
        limits: { atOnce: 99, atOncePerCluster: 99, spreadMs: 15_000 },
        now: () => new Date(),
      });
      for (let hub = 0; hub < 20; hub += 1) arrange(`hub${hub}`, confirmation(1));
      vi.advanceTimersByTime(10 * MINUTE);
      return begun.map((text) => text.split(' ')).toSorted(([a = ''], [b = '']) => a.localeCompare(b));
    };

    const first = times();

    expect(times()).toEqual(first);
    const waits = first.map(([, ms]) => Number(ms) - MINUTE);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThan(15_000);
    expect(new Set(waits.map((ms) => Math.floor(ms / 3_000))).size).toBe(5);
  });

  it('keeps so many of the fleet and of a cluster in flight and no more, the longest due first', () => {
    const { arrange, ended, asked } = world({ atOnce: 2, atOncePerCluster: 1 });
    for (const [hub, minute] of [
      ['a-east', 1],
      ['b-east', 2],
      ['c-west', 3],
      ['d-west', 4],
      ['e', 5],
    ] as const) {
      arrange(hub, confirmation(minute));
    }

    vi.advanceTimersByTime(10 * MINUTE);
    expect(asked.map((text) => text.split(' ')[0])).toEqual(['a-east', 'c-west']);
    ended('c-west');
    expect(asked.at(-1)).toMatch(/^d-west/);
    ended('somebody-else');
    ended('a-east');
    expect(asked.at(-1)).toMatch(/^b-east/);
    ended('b-east');

    expect(asked.map((text) => text.split(' ')[0])).toEqual(['a-east', 'c-west', 'd-west', 'b-east', 'e']);
  });

  it('keeps its place when it is arranged again, and is not put off for ever', () => {
    const { arrange, ended, asked } = world({ atOnce: 1 });
    arrange('first', confirmation(0));
    vi.advanceTimersByTime(MINUTE);
    arrange('early', confirmation(1));
    arrange('late', confirmation(2));

    for (let minute = 3; minute < 10; minute += 1) {
      vi.advanceTimersByTime(MINUTE);
      arrange('early', confirmation(minute));
      arrange('late', confirmation(2));
    }
    ended('first');

    expect(asked.at(-1)).toMatch(/^early/);
  });

  it('takes no room for one that was refused', () => {
    const asked: string[] = [];
    const { arrange } = createConfirmations({
      requestRun: ({ hub }) => asked.push(hub) > 1,
      clusterOf: () => null,
      limits: { atOnce: 1, atOncePerCluster: 1, spreadMs: 0 },
      now: () => new Date(),
    });

    arrange('refused', confirmation(1));
    arrange('taken', confirmation(2));
    vi.advanceTimersByTime(10 * MINUTE);

    expect(asked).toEqual(['refused', 'taken']);
  });
});
