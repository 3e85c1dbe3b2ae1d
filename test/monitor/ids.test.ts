import { decodeTime } from 'ulid';
import { describe, expect, it } from 'vitest';
import { idsAfter } from '../../src/monitor/ids.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;

describe('new ids', () => {
  it('come one after the other, also while the clock goes back', () => {
    let clock = NOON;
    const newId = idsAfter(null, () => new Date(clock));

    const ids = [0, 0, -HOUR, -2 * HOUR, 1].map((change) => {
      clock = NOON + change;
      return newId();
    });

    expect(ids.toSorted()).toEqual(ids);
    expect(decodeTime(ids[0] ?? '')).toBe(NOON);
  });

  it('come after all that is stored when the clock was set back in between', () => {
    const stored = idsAfter(null, () => new Date(NOON))();
    const newId = idsAfter(stored, () => new Date(NOON - HOUR));

    const ids = [stored, newId(), newId()];
    expect(ids.toSorted()).toEqual(ids);
  });

  it('are those of their time when what is stored is older, or no such id', () => {
    for (const latest of [idsAfter(null, () => new Date(NOON - HOUR))(), 'an id of somebody else']) {
      expect(decodeTime(idsAfter(latest, () => new Date(NOON))())).toBe(NOON);
    }
  });
});
