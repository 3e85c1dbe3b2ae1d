import { describe, expect, it } from 'vitest';
import { type Room, admit, createAdmission } from '../../src/runner/admission.ts';
import type { Admitted } from '../../src/runner/runner.ts';

const GO_ON = new AbortController().signal;

describe('admit', () => {
  it.each<[what: string, room: Room, aloneMs: number, decision: string]>([
    ['it fits', { available: 100, perRun: 100, inFlight: [] }, 0, 'start'],
    ['nobody knows', { available: null, perRun: 100, inFlight: [1] }, 0, 'start'],
    [
      'it fits beside one that has taken its share',
      { available: 100, perRun: 100, inFlight: [100] },
      0,
      'start',
    ],
    ['one in flight may still grow', { available: 199, perRun: 100, inFlight: [0] }, 0, 'wait'],
    ['one in flight took more than its share', { available: 100, perRun: 100, inFlight: [150] }, 0, 'start'],
    ['one in flight will make room, in time', { available: 0, perRun: 100, inFlight: [100] }, 9e9, 'wait'],
    ['somebody else may make room', { available: 99, perRun: 100, inFlight: [] }, 59_999, 'wait'],
    ['nobody does', { available: 99, perRun: 100, inFlight: [] }, 60_000, 'refuse'],
  ])('when %s', (_, room, aloneMs, decision) => {
    expect(admit(room, aloneMs)).toBe(decision);
  });
});

describe('createAdmission', () => {
  function world(available: number) {
    const state = { available, used: 0 };
    const admission = createAdmission({
      perRunBytes: 100,
      available: () => state.available,
      usedBy: () => state.used,
      lookEveryMs: 1,
    });
    return { admission, state };
  }
  const leave = (admitted: Admitted) => {
    if (admitted.kind === 'in') admitted.leave();
  };

  it('lets in as many as fit, and the next when one leaves', async () => {
    const { admission } = world(250);
    const first = await admission.enter('a', GO_ON);
    await admission.enter('b', GO_ON);
    let isIn = false;
    const third = admission.enter('c', GO_ON).then(() => (isIn = true));

    expect(admission.waiting()).toBe(1);
    expect(isIn).toBe(false);
    leave(first);
    await third;

    expect(admission.waiting()).toBe(0);
  });

  it('never gives the same room to two that ask at once', async () => {
    const { admission } = world(150);
    let entered = 0;
    for (const run of ['a', 'b', 'c']) void admission.enter(run, GO_ON).then(() => (entered += 1));

    await expect.poll(() => entered).toBe(1);
    expect(admission.waiting()).toBe(2);
  });

  it('lets in who is told to stop, so that the run ends at once', async () => {
    const { admission } = world(0);
    const stop = new AbortController();
    const entered = admission.enter('a', stop.signal);

    stop.abort();

    expect((await entered).kind).toBe('in');
  });
});
