import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfirmations } from '../../src/monitor/confirmations.ts';
import { at } from '../core/history.ts';

const MINUTE = 60_000;

// What is tested is when a timer fires.
beforeEach(() => {
  vi.useFakeTimers({ now: new Date(at(0)) });
});
afterEach(() => {
  vi.useRealTimers();
});

function world() {
  const asked: string[] = [];
  const confirmations = createConfirmations({
    requestRun: ({ hub, trigger, attempt }) => asked.push(`${hub} ${trigger} ${attempt}`),
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

    expect(asked).toEqual(['staging confirm 2']);
  });

  it('has one per hub: the last that was arranged', () => {
    const { arrange, asked } = world();

    arrange('staging', confirmation(1, 2));
    arrange('other', confirmation(1, 2));
    arrange('staging', confirmation(2, 3));
    vi.advanceTimersByTime(10 * MINUTE);

    expect(asked).toEqual(['other confirm 2', 'staging confirm 3']);
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
});
