import { describe, expect, it } from 'vitest';
import { nextConfirmation } from '../../src/core/confirm.ts';
import type { Situation } from '../../src/core/situation.ts';
import { CRITERIA_IN_TESTS, at, history, situation } from './history.ts';

/** Runs of the histories last half a minute. */
function next(text: string, change: Partial<Situation> = {}) {
  return nextConfirmation(situation(history(text), change));
}

describe('nextConfirmation', () => {
  it.each<[runs: string, minute: number | null, attempt: number | null, why: string]>([
    ['', null, null, 'nothing is known'],
    ['P', null, null, 'nothing is suspect'],
    ['P F@10', 11.5, 2, 'a minute after the failed run ended'],
    ['P F@10 cF@11.5', 12.5, 3, 'two minutes after the first failed run ended'],
    ['F@0 cF@1.5 cF@2.5', null, null, 'it is broken by now'],
    ['F@0 cP@1.5', null, null, 'it was a blip'],
    ['F@0 F@10', null, null, 'two scheduled runs in a row are enough'],
    ['dF@0', 1.5, 2, 'a run on demand is confirmed like any other'],
    ['F@0 dF@1', 1.5, 2, 'a run on demand confirms nothing'],
    ['F@0 cF@20', 20.5, 3, 'the second was due while the first still ran'],
    ['F@0 cE@1.5', 3, 2, 'an errored one told nothing and is repeated'],
    ['F@0 cE@1.5 cA@3', 4.5, 2, 'an aborted one as well'],
    ['F@0 cE@1.5 cE@3 cE@4.5', null, null, 'after three fruitless ones it gives up'],
    ['F@0 cE@1.5 cE@3 cE@4.5 E@10', 10.5, 2, 'until the next scheduled run'],
    ['F@0 cE@1.5 cE@3 cF@4.5 cE@5', 6.5, 3, 'evidence in between starts the count anew'],
    ['F:spawn-throttled@0', null, null, 'what may pass by itself is not confirmed'],
    ['F:spawn-throttled@0 F@10', 11.5, 2, 'what is not likely to pass is, from its own end on'],
    ['F@0 cF:spawn-throttled@1.5', null, null, 'and not while the hub is too busy'],
  ])('after "%s" the next is due at minute %s, attempt %s: %s', (runs, minute, attempt) => {
    const confirmation = next(runs);

    expect(confirmation === null ? null : confirmation.at).toBe(minute === null ? null : at(minute));
    expect(confirmation === null ? null : confirmation.attempt).toBe(attempt);
  });

  it('is due now when it was missed while the service was down', () => {
    const now = new Date(at(25));

    expect(next('P@0 F@10', { now })?.at).toBe(at(25));
  });

  it('is left to the next scheduled run when the failure has become stale', () => {
    expect(next('P@0 F@10', { now: new Date(at(41)) })).toBeNull();
  });

  it('does not try to confirm what is behind a broken login', () => {
    const runs = [...history('F@20 F@30', 'login'), ...history('F@10', 'server')];

    expect(nextConfirmation(situation(runs))).toBeNull();
  });

  it.each<[runs: string, now: number, minute: number | null, why: string]>([
    ['F@0 F@10', 20, null, 'work still goes on'],
    ['F@0 F@10', 25, 25, 'it is over, and nobody has looked since'],
    ['F@0 F@10 F@24.9', 26, 26, 'a run that began before tells of the time before'],
    ['F@0 F@10 F@25', 26, null, 'one has looked since'],
    ['P@0 P@10', 26, null, 'it was well'],
    ['F@0 F@10 cE@25', 26, 26.5, 'one that told nothing is repeated'],
    ['F@0 F@10 cE@25 cE@26.5 cE@28', 29, null, 'not without end'],
  ])('after "%s", at minute %s, one is due at minute %s when maintenance ends: %s', (runs, now, minute) => {
    const moment = { now: new Date(at(now)), mutedUntil: at(25) };

    expect(next(runs, moment)?.at ?? null).toBe(minute === null ? null : at(minute));
    expect(next(runs, { ...moment, declared: ['server'] })).toBeNull();
  });

  it('says what it is for', () => {
    expect(next('F@0 cF@1')?.because).toBe("confirm that users can't start a server (2 of 2)");
  });

  it('is not wanted without confirmations in the criteria', () => {
    const criteria = {
      ...CRITERIA_IN_TESTS,
      declare: { confirmAfterMs: [], consecutive: 2, persistForMs: 0 },
    };

    expect(next('F@0', { criteria })).toBeNull();
  });

  it('does not confirm that an account which never worked is rejected', () => {
    const rejected = history('F:login-rejected', 'login');

    expect(nextConfirmation(situation(rejected, { provenAccounts: [] }))).toBeNull();
    expect(nextConfirmation(situation(rejected))?.attempt).toBe(2);
  });

  it.each([
    ['F@0', 'second'],
    ['F@0 cF@1.5', 'first'],
    ['F@0 cE@1.5', 'first'],
    ['F@0 cE@1.5 cE@3', 'second'],
  ])('after "%s" it is the turn of the %s account', (runs, account) => {
    expect(next(runs)?.account).toBe(account);
  });

  it('does not take the refusal of a second account that never worked for a confirmation', () => {
    const [refused, ...before] = history('F@0 cF:login-rejected@1.5', 'login');
    const runs = [...(refused === undefined ? [] : [{ ...refused, account: 'probe-2' }]), ...before];

    expect(nextConfirmation(situation(runs))).toMatchObject({ attempt: 2, account: 'first' });
    expect(nextConfirmation(situation(runs, { provenAccounts: ['probe', 'probe-2'] }))).toMatchObject({
      attempt: 3,
    });
  });

  it('takes the earliest when two criteria are suspect', () => {
    const runs = [...history('F@2', 'login'), ...history('F@0', 'server')];

    expect(nextConfirmation(situation(runs))).toMatchObject({
      at: at(2.5),
      because: "confirm that users can't start a server (1 of 2)",
    });
  });
});
