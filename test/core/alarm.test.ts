import { describe, expect, it } from 'vitest';
import { alarmOfSuspicion, alarmsOf, noDecision } from '../../src/core/alarm.ts';
import { at, history, situation } from './history.ts';

const WATCHED_SINCE = at(-600);

function raised(text: string, now: number, since = WATCHED_SINCE) {
  return alarmsOf(situation(history(text), { now: new Date(at(now)) }), since).map(({ kind }) => kind);
}

describe('the alarm of a hub of which nothing is known', () => {
  it.each<[runs: string, now: number, kinds: readonly string[]]>([
    ['P@0', 10, []],
    // Three intervals of ten minutes are borne.
    ['P@0', 30, []],
    ['P@0', 32, ['no-runs']],
    ['F@0', 32, ['no-runs']],
    ['P@0 E@10 E@20', 21, []],
    ['P@0 E@10 E@20 E@30', 31, ['no-evidence']],
    ['P@0 E@10 E@20 E@30 P@40', 41, []],
    ['P@0 E@10 E@20 E@30 F@40', 41, []],
    ['E@0 E@10 E@20', 21, ['no-evidence']],
    // Silence is what matters more.
    ['E@0 E@10 E@20', 60, ['no-runs']],
  ])('after %s, at minute %i: %j', (runs, now, kinds) => {
    expect(raised(runs, now)).toEqual(kinds);
  });

  it('counts from the start of the service, which cannot have looked before', () => {
    expect(raised('P@0', 120, at(110))).toEqual([]);
    expect(raised('P@0', 150, at(110))).toEqual(['no-runs']);
    expect(raised('', 150, at(110))).toEqual(['no-runs']);
  });

  it('counts from when it was seen that the clock was set back', () => {
    expect(raised('P@100', 20, at(0))).toEqual([]);
    expect(raised('P@100', 31, at(0))).toEqual(['no-runs']);
    expect(raised('P@100 P@25', 31, at(0))).toEqual([]);
  });

  it('says since when, and what the runs ended with', () => {
    const [silent] = alarmsOf(situation(history('P@0'), { now: new Date(at(60)) }), WATCHED_SINCE);
    const [mute] = alarmsOf(situation(history('E@0 E@10 E@20'), { now: new Date(at(21)) }), WATCHED_SINCE);

    expect(silent?.because).toMatch(
      /^no run of staging has ended for .*: the last one ended at 2026-03-01 10:0/,
    );
    expect(mute?.because).toBe('the last 3 runs of staging told nothing of it (browser-crashed)');
  });
});

describe('an alarm about all hubs', () => {
  const suspicion = { failing: 19, known: 20, because: 'nearly all hubs fail', ask: [], until: 0 };

  it('is raised when the suspicion fell on ourselves, and then only', () => {
    expect(alarmOfSuspicion({ ...suspicion, whose: 'ours' })).toEqual([
      { kind: 'self-check', hub: null, because: 'nearly all hubs fail' },
    ]);
    for (const whose of ['theirs', 'waiting'] as const) {
      expect(alarmOfSuspicion({ ...suspicion, whose })).toEqual([]);
    }
  });

  it('names the hub on which nothing can be decided, or none', () => {
    expect(noDecision(null, new Error('why')).because).toMatch(/decided on any hub: why$/);
    expect(noDecision('staging', 'why')).toMatchObject({
      hub: 'staging',
      because: expect.stringMatching(/on staging: why$/),
    });
  });
});
