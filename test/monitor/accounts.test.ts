import { describe, expect, it } from 'vitest';
import { createAccounts } from '../../src/monitor/accounts.ts';
import { GO_ON } from './world.ts';

describe('an account', () => {
  it('is had by one at a time, in the order of asking', async () => {
    const accounts = createAccounts();
    const order: string[] = [];
    const first = await accounts.take('a', GO_ON);
    const second = accounts.take('a', GO_ON).then((release) => (order.push('second'), release));
    const third = accounts.take('a', GO_ON).then((release) => (order.push('third'), release));

    first();
    (await second)();
    (await third)();

    expect(order).toEqual(['second', 'third']);
    expect(accounts.tryTake('a')).not.toBeNull();
  });

  it('does not keep others from theirs', async () => {
    const accounts = createAccounts();
    await accounts.take('a', GO_ON);

    expect(accounts.tryTake('a')).toBeNull();
    expect(accounts.tryTake('b')).not.toBeNull();
  });

  it('is given back once, however often that is said', async () => {
    const accounts = createAccounts();
    const release = await accounts.take('a', GO_ON);
    release();
    const mine = accounts.tryTake('a');
    release();

    expect(mine).not.toBeNull();
    expect(accounts.tryTake('a')).toBeNull();
  });

  it('lets through whoever is told to stop, and does not lose a turn over it', async () => {
    const accounts = createAccounts();
    const stop = new AbortController();
    const first = await accounts.take('a', GO_ON);
    const leaving = accounts.take('a', stop.signal);
    const last = accounts.take('a', GO_ON);

    stop.abort();
    (await leaving)();
    expect(accounts.tryTake('a')).toBeNull();
    first();
    (await last)();

    expect(accounts.tryTake('a')).not.toBeNull();
  });

  it('is not lost when its turn comes at the moment of being told to stop', async () => {
    const accounts = createAccounts();
    const stop = new AbortController();
    const first = await accounts.take('a', GO_ON);
    const leaving = accounts.take('a', stop.signal);

    stop.abort();
    first();
    (await leaving)();

    expect(accounts.tryTake('a')).not.toBeNull();
  });
});
