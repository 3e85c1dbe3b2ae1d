import { describe, expect, it } from 'vitest';
import { createSerial } from '../../src/monitor/serial.ts';

describe('createSerial', () => {
  it('does the work of one key in order, one at a time', async () => {
    const { inTurn } = createSerial();
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
    };

    await Promise.all([inTurn('hub', work('one')), inTurn('hub', work('two'))]);

    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('does not let one key wait for another', async () => {
    const { inTurn, isBusy } = createSerial();
    const stuck = Promise.withResolvers<void>();
    const waiting = inTurn('stuck', () => stuck.promise);

    await expect(inTurn('other', async () => 'done')).resolves.toBe('done');

    expect([isBusy('stuck'), isBusy('other')]).toEqual([true, false]);
    stuck.resolve();
    await waiting;
    await new Promise(setImmediate);
    expect(isBusy('stuck')).toBe(false);
  });

  it('goes on after a failure, which belongs to its own asker', async () => {
    const { inTurn } = createSerial();

    const failed = inTurn('hub', () => Promise.reject(new Error('no')));
    const next = inTurn('hub', async () => 'done');

    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('done');
  });
});
