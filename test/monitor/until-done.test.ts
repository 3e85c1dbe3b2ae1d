import { describe, expect, it } from 'vitest';
import { untilDone } from '../../src/monitor/until-done.ts';
import { GO_ON } from './world.ts';

function failing(times: number): { work: () => Promise<void>; tries: () => number } {
  let tries = 0;
  return {
    tries: () => tries,
    work: async () => {
      tries += 1;
      if (tries <= times) throw new Error(`failure ${tries}`);
    },
  };
}

describe('untilDone', () => {
  it('tries until it works, and says what went wrong and how often', async () => {
    const { work, tries } = failing(3);
    const errors: unknown[] = [];
    const waits: number[] = [];
    const waitMs = (failures: number) => {
      waits.push(failures);
      return 1;
    };

    const done = await untilDone(work, { signal: GO_ON, waitMs, onError: (error) => errors.push(error) });

    expect({ done, tries: tries() }).toEqual({ done: true, tries: 4 });
    expect(errors.map(String)).toEqual(['Error: failure 1', 'Error: failure 2', 'Error: failure 3']);
    expect(waits).toEqual([1, 2, 3]);
  });

  it('tries a few times after it was told to stop', async () => {
    const late = failing(2);
    const never = failing(Infinity);
    const options = { signal: AbortSignal.abort(), waitMs: () => 1, onError() {} };

    expect(await untilDone(late.work, options)).toBe(true);
    expect(await untilDone(never.work, options)).toBe(false);
    expect(never.tries()).toBe(3);
  });

  it('does not wait on when it is told to stop', async () => {
    const stop = new AbortController();
    const { work, tries } = failing(1);
    const onError = () => setImmediate(() => stop.abort());

    const done = await untilDone(work, { signal: stop.signal, waitMs: () => 3_600_000, onError });

    expect({ done, tries: tries() }).toEqual({ done: true, tries: 2 });
  });
});
