import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { spawnBudget, spawnOf } from '../../src/core/spawn-budget.ts';
import { at, history } from './history.ts';

/** Histories in which a failure is a failed start. */
function budget(text: string, limit = 5) {
  return spawnBudget(history(text.replaceAll(/F(?!:)/g, 'F:spawn-failed')), limit);
}

describe('spawnBudget: a table that reads as the specification', () => {
  it.each<[runs: string, failures: number, minute: number | null, why: string]>([
    ['', 0, null, 'nothing is known'],
    ['P F', 1, null, 'one failure is confirmed at once'],
    ['P F@10 cF@12', 2, null, 'and again'],
    ['P F@10 cF@12 cF@14', 3, 44.5, 'three are enough to declare: then a pause of half an hour'],
    ['P F@10 cF@12 cF@14 F@50', 4, 50.5 + 720, 'one more would be the hub’s last: a pause of half a day'],
    ['F@0 F@1 F@2 F@40 F@800', 5, 800.5 + 720, 'and so on, one at a time'],
    ['F@0 F@1 F@2 P@40', 0, null, 'a start that works gives the ration back'],
    ['F@0 F@1 F@2 P@40 F@50', 1, null, 'whole'],
    ['F@0 F@1 E@2 F@3', 3, 33.5, 'what errored in between changes nothing'],
    ['F@0 F@1 F:spawn-throttled@2', 2, null, 'a throttled start does not count'],
    ['F@0 F@1 F:kernel-died@2', 0, null, 'a server whose kernel died had started'],
    ['F@0 F@1 E:deadline@2', 3, 32.5, 'a start that we cut off may have been counted'],
  ])('after "%s" %i count, paused until minute %s: %s', (runs, failures, minute) => {
    expect(budget(runs)).toMatchObject({ failures, pausedUntil: minute === null ? null : at(minute) });
  });

  it.each<[limit: number, allowedAtOnce: number]>([
    [0, Infinity],
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [10, 8],
  ])('with a limit of %i pauses after %d in a row', (limit, allowedAtOnce) => {
    const rows = Array.from({ length: 12 }, (_, count) => `F@${count}`);
    const paused = rows.findIndex(
      (_, index) => budget(rows.slice(0, index + 1).join(' '), limit).pausedUntil !== null,
    );

    expect(paused === -1 ? Infinity : paused + 1).toBe(allowedAtOnce);
  });

  it.each([2, 3, 4, 5, 8, 20])('never lets %i failures in a row come about within half a day', (limit) => {
    const runs: Run[] = [];
    let starts = 0;
    for (let minute = 0; minute < 720; minute += 2) {
      const { pausedUntil } = spawnBudget(runs, limit);
      if (pausedUntil !== null && pausedUntil > at(minute)) continue;
      starts += 1;
      runs.unshift(...history(`F:spawn-failed@${minute}`));
    }

    expect(starts).toBe(limit - 1);
  });

  it('starts anew with a new hub process', () => {
    const [last, ...before] = history('F:spawn-failed@0 F:spawn-failed@1 F:spawn-failed@2 P@10');
    if (last === undefined) throw new Error('no run');
    const login: Run = { ...last, criteria: { login: 'passed' }, hubRestarted: true };

    expect(spawnBudget([login, ...before], 5)).toEqual({ failures: 0, pausedUntil: null, failedFor: [] });
    expect(spawnBudget([{ ...login, hubRestarted: false }, ...before], 5).failures).toBe(3);
  });

  it('knows nothing of starts from a run that never asked for a server', () => {
    const [login] = history('F:login-rejected', 'login');
    const [dask] = history('F:workers-timeout', 'dask');

    expect([login, dask].map((run) => run && spawnOf(run))).toEqual([null, 'worked']);
  });
});
