import { expect, it } from 'vitest';
import type { Verdict } from '../../../src/core/verdict.ts';
import { type Open, NOW, eachStore, later, nothing } from './fixture.ts';

const verdict: Verdict = {
  hub: 'staging',
  criterion: 'login',
  verdict: 'suspect',
  since: '2026-11-24T09:00:00.000Z',
  runs: ['1'],
  because: 'one run failed',
  toldAt: '2026-11-24T09:00:30.000Z',
  triedAt: '2026-11-24T09:00:00.000Z',
  failure: {
    reason: 'hub-down' as const,
    attribution: 'hub' as const,
    firstEndedAt: '2026-11-24T09:00:30.000Z',
  },
};

export function hubsContract(open: Open): void {
  const at = eachStore(open);

  it('is the latest verdict per hub and criterion', async () => {
    const others: readonly Verdict[] = [
      { ...verdict, criterion: 'server' },
      { ...verdict, hub: 'other' },
    ];
    await at.store.commit({ ...nothing, verdicts: [verdict, ...others] });
    await at.store.commit({ ...nothing, verdicts: [{ ...verdict, verdict: 'broken' }] });

    const known = await at.store.verdicts();

    expect(known).toHaveLength(3);
    expect(known).toEqual(expect.arrayContaining([{ ...verdict, verdict: 'broken' }, ...others]));
  });

  it('includes which accounts have worked before', async () => {
    await at.store.commit({ ...nothing, proven: { hub: 'staging', username: 'canary' } });
    await at.store.commit({ ...nothing, proven: { hub: 'staging', username: 'canary' } });

    expect(await at.store.credentialProven('staging', 'canary')).toBe(true);
    expect(await at.store.credentialProven('staging', 'maren')).toBe(false);
    expect(await at.store.credentialProven('other', 'canary')).toBe(false);
  });

  it('includes which run an idempotency key led to, for a day', async () => {
    const day = 24 * 3_600_000;

    expect(await at.store.findIdempotencyKey({ key: 'k', now: NOW })).toBeNull();
    expect(await at.store.bindIdempotencyKey({ key: 'k', runId: 'a', now: NOW })).toBe('a');
    expect(await at.store.findIdempotencyKey({ key: 'k', now: later(day - 1) })).toBe('a');
    expect(await at.store.bindIdempotencyKey({ key: 'k', runId: 'b', now: later(day - 1) })).toBe('a');
    expect(await at.store.bindIdempotencyKey({ key: 'other', runId: 'b', now: NOW })).toBe('b');
    expect(await at.store.findIdempotencyKey({ key: 'k', now: later(day) })).toBeNull();
    expect(await at.store.bindIdempotencyKey({ key: 'k', runId: 'c', now: later(day) })).toBe('c');
  });

  it('can be asked for at any time, and not after the end', async () => {
    await expect(at.store.ping()).resolves.toBeUndefined();
    await expect(at.store.ping()).resolves.toBeUndefined();

    await at.store.close();
    await expect(at.store.ping()).rejects.toThrow(/not open|destroyed|closed/);
  });
}
