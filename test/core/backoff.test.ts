import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_BACKOFF,
  type FailedAttempt,
  afterFailure,
  pauseUntil,
  quarantineLeftMs,
} from '../../src/core/backoff.ts';

const NOW = new Date('2026-11-24T09:00:00Z');
const refused: FailedAttempt = {
  kind: 'open-issue',
  attempts: 1,
  done: 'nothing',
  wasAmbiguous: false,
  retryAfterMs: null,
};

function waitMs(failed: Partial<FailedAttempt>, random = 0.5): number {
  const { notBefore } = afterFailure({ ...refused, ...failed }, DEFAULT_BACKOFF, NOW, random);
  return notBefore.getTime() - NOW.getTime();
}

function waitSeconds(failed: Partial<FailedAttempt>, random = 0.5): number {
  return waitMs(failed, random) / 1000;
}

describe('after a failure', () => {
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [6, 160],
    [7, 300],
    [1_000, 300],
  ])('number %d it waits %d s', (attempts, seconds) => {
    expect(waitSeconds({ attempts })).toBe(seconds);
  });

  it('spreads by a quarter either way', () => {
    expect([waitSeconds({}, 0), waitSeconds({}, 1)]).toEqual([3.75, 6.25]);
  });

  it.each([
    ['the other side wishes for more', { retryAfterMs: 90_000 }, 90],
    ['the other side wishes for less', { retryAfterMs: 1_000 }, 5],
    ['an issue may be there', { done: 'unknown' }, 60],
    ['a comment may be there', { done: 'unknown', kind: 'comment' }, 60],
    ['an update that comes late would undo the next', { done: 'unknown', kind: 'update-issue' }, 60],
    ['closing that comes late would undo a reopening', { done: 'unknown', kind: 'close-issue' }, 60],
    ['an announcement is known by its id', { done: 'unknown', kind: 'announce' }, 5],
  ] as const)('waits as %s', (_, failed, seconds) => {
    expect(waitSeconds(failed)).toBe(seconds);
  });

  it.each([
    ['nothing', false, 'pending'],
    ['nothing', true, 'ambiguous'],
    ['unknown', false, 'ambiguous'],
    ['unknown', true, 'ambiguous'],
  ] as const)('that did %s, with doubt before: %s, it is %s', (done, wasAmbiguous, state) => {
    expect(afterFailure({ ...refused, done, wasAmbiguous }, DEFAULT_BACKOFF, NOW, 0.5).state).toBe(state);
  });

  it('never asks earlier than the other side wishes or a look can be trusted, and never gives up', () => {
    const failures = fc.record({
      kind: fc.constantFrom('open-issue', 'comment', 'update-issue', 'close-issue', 'announce'),
      attempts: fc.integer({ min: 1, max: 10_000 }),
      done: fc.constantFrom('nothing', 'unknown'),
      wasAmbiguous: fc.boolean(),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_600_000 })),
    });
    fc.assert(
      fc.property(failures, fc.double({ min: 0, max: 1, noNaN: true }), (failed, random) => {
        const waited = waitMs(failed, random);
        expect(waited).toBeGreaterThanOrEqual(failed.retryAfterMs ?? 0);
        if (failed.kind !== 'announce' && failed.done === 'unknown')
          expect(waited).toBeGreaterThanOrEqual(60_000);
        expect(waited).toBeLessThanOrEqual(Math.max(375_000, failed.retryAfterMs ?? 0));
      }),
    );
  });
});

describe('when nothing at all is sent', () => {
  it.each([
    ['nobody says how long', 1, null, 60],
    ['nobody says how long, a second time in a row', 2, null, 120],
    ['nobody says how long, again and again', 9, null, 900],
    ['the other side says until when', 9, 30_000, 30],
    ['the other side wants no wait', 1, 0, 1],
  ] as const)('waits as %s', (_, pauses, retryAfterMs, seconds) => {
    const until = pauseUntil({ pauses, retryAfterMs }, DEFAULT_BACKOFF, NOW);
    expect((until.getTime() - NOW.getTime()) / 1_000).toBe(seconds);
  });
});

describe('after a crash', () => {
  const left = (kind: FailedAttempt['kind'], agoMs: number | null) =>
    quarantineLeftMs(
      { kind, lastAttemptAt: agoMs === null ? null : new Date(NOW.getTime() - agoMs) },
      DEFAULT_BACKOFF,
      NOW,
    );

  it.each([
    ['open-issue', 10_000, 50_000],
    ['comment', 59_999, 1],
    ['open-issue', 60_000, null],
    ['open-issue', null, null],
    ['update-issue', 0, 60_000],
    ['announce', 0, null],
    // The clock was set back: by a second, by an hour.
    ['open-issue', -1_000, 61_000],
    ['open-issue', -3_600_000, null],
  ] as const)('an %s tried %s ms ago waits %s ms', (kind, agoMs, expected) => {
    expect(left(kind, agoMs)).toBe(expected);
  });
});
