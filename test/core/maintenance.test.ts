import { describe, expect, it } from 'vitest';
import { mutedBy, mutedUntil } from '../../src/core/maintenance.ts';

const WINDOW = {
  hubs: ['staging'],
  from: '2026-03-01T09:00:00Z',
  to: '2026-03-01T11:00:00Z',
  reason: 'upgrade',
};
const LONGER = { ...WINDOW, to: '2026-03-01T12:00:00Z', reason: 'a longer one' };

describe('mutedBy', () => {
  it.each<[at: string, hub: string, reason: string | null]>([
    ['2026-03-01T08:59:59.999Z', 'staging', null],
    ['2026-03-01T09:00:00Z', 'staging', 'upgrade'],
    ['2026-03-01T10:59:59.999Z', 'staging', 'upgrade'],
    ['2026-03-01T11:00:00Z', 'staging', null],
    ['2026-03-01T10:00:00Z', 'another', null],
  ])('at %s, %s is muted by %s', (at, hub, reason) => {
    expect(mutedBy(hub, new Date(at), [WINDOW])?.reason ?? null).toBe(reason);
  });

  it('names the window that ends last', () => {
    expect(mutedBy('staging', new Date('2026-03-01T10:00:00Z'), [WINDOW, LONGER])?.reason).toBe(
      'a longer one',
    );
  });
});

describe('mutedUntil', () => {
  it.each<[at: string, hub: string, until: string | null]>([
    ['2026-03-01T08:59:59.999Z', 'staging', null],
    ['2026-03-01T09:00:00Z', 'staging', '2026-03-01T12:00:00.000Z'],
    ['2026-03-02T00:00:00Z', 'staging', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T10:00:00Z', 'another', null],
  ])('at %s what %s looks like is no news until %s', (at, hub, until) => {
    expect(mutedUntil(hub, new Date(at), [LONGER, WINDOW])).toBe(until);
  });
});
