import { describe, expect, it } from 'vitest';
import { within } from '../../src/monitor/within.ts';

const never = new Promise<never>(() => {});

describe('within', () => {
  it('gives the result, or the error', async () => {
    const { signal } = new AbortController();
    expect(await within(signal, Promise.resolve(1))).toBe(1);
    await expect(within(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it.each([
    ['has come', () => AbortSignal.abort(new Error('stop'))],
    [
      'comes',
      () => {
        const stop = new AbortController();
        setImmediate(() => stop.abort(new Error('stop')));
        return stop.signal;
      },
    ],
  ])('waits no longer when the signal %s', async (_, signal) => {
    await expect(within(signal(), never)).rejects.toThrow('stop');
  });
});
