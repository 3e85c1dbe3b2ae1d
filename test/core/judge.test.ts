import { describe, expect, it } from 'vitest';
import { evenRhythm } from '../../src/core/rhythm.ts';
import type { Run } from '../../src/core/run.ts';
import type { Situation } from '../../src/core/situation.ts';
import type { Verdict, VerdictKind } from '../../src/core/verdict.ts';
import { judge, judgeHub } from '../../src/core/judge.ts';
import { CRITERIA_IN_TESTS, at, history, nth, situation } from './history.ts';

const DAY = '2026-03-01';

function judged(text: string, change: Partial<Situation> = {}): Verdict {
  return judge(situation(history(text), change), 'server');
}

describe('which account saw it', () => {
  const as = (account: string, runs: ReturnType<typeof history>) => runs.map((run) => ({ ...run, account }));
  const judgedAs = (...runs: ReturnType<typeof history>[]) =>
    judge(situation(runs.flat().toReversed(), { provenAccounts: ['probe', 'probe-2'] }), 'server');

  it('is said when both fail', () => {
    const verdict = judgedAs(
      as('probe', history('F@0')),
      as('probe-2', history('cF@2')),
      as('probe', history('cF@4')),
    );

    expect(verdict).toMatchObject({
      verdict: 'broken',
      because: `users can't start a server: 3 runs in a row failed since ${DAY} 10:00 UTC (hub-error), as "probe" and as "probe-2" alike`,
    });
  });

  it('is said when only one of them does', () => {
    const verdict = judgedAs(as('probe', history('F@0')), as('probe-2', history('cP@2')));

    expect(verdict.verdict).toBe('healthy');
    expect(verdict.because).toMatch(
      /\(hub-error\) was not confirmed: it was as "probe", and "probe-2" passed$/,
    );
  });

  it('goes without saying when there is one', () => {
    expect(judged('F@0 cF@2 cF@4').because).not.toContain('probe');
  });
});

describe('judge: a table that reads as the specification', () => {
  it.each<[runs: string, verdict: VerdictKind, because: string]>([
    ['', 'unknown', 'no run has told anything yet'],
    ['E', 'unknown', 'no run has told anything yet, lately because of browser-crashed'],
    ['P', 'healthy', `users can start a server: 1 run passed since ${DAY} 10:00 UTC`],
    ['P P P', 'healthy', `3 runs in a row passed since ${DAY} 10:00 UTC`],

    [
      'P F',
      'suspect',
      `users may not be able to start a server: 1 run failed since ${DAY} 10:10 UTC (hub-error), 0 of 2`,
    ],
    [
      'P F cF@11',
      'suspect',
      '2 runs in a row failed since 2026-03-01 10:10 UTC (hub-error), 1 of 2 confirmations failed',
    ],
    [
      'P F cF@11 cF@13',
      'broken',
      `users can't start a server: 3 runs in a row failed since ${DAY} 10:10 UTC`,
    ],
    ['F cF@1 cF@3', 'broken', '3 runs in a row failed'],
    ['P F F', 'broken', `2 runs in a row failed since ${DAY} 10:10 UTC`],
    ['F cF:spawn-timeout@1 F:spawn-failed@10', 'broken', '(spawn-failed)'],

    [
      'F cP@1',
      'healthy',
      `1 run passed since ${DAY} 10:01 UTC; the failure at ${DAY} 10:00 UTC (hub-error) was not confirmed`,
    ],
    ['F cF@1 cP@3', 'healthy', 'was not confirmed'],
    ['F P F P F P', 'healthy', `the failure at ${DAY} 10:40 UTC (hub-error) was not confirmed`],
    ['F P P P P', 'healthy', `4 runs in a row passed since ${DAY} 10:10 UTC`],

    ['F cE@1 cE@3', 'suspect', '0 of 2 confirmations failed'],
    ['F cE@1 cF@2 cA@3 cF@4', 'broken', '3 runs in a row failed'],
    ['F E F', 'broken', '2 runs in a row failed'],
    ['P F U@16', 'suspect', `1 run failed since ${DAY} 10:10 UTC`],
    ['F U F', 'broken', '2 runs in a row failed'],
    ['P E E', 'healthy', '1 run passed'],
    ['P A U', 'healthy', '1 run passed'],

    ['dF', 'suspect', '0 of 2 confirmations failed'],
    ['dF cF@1 cF@3', 'broken', '3 runs in a row failed'],
    ['dF dF@1 aF@2 dF@3 F@4', 'suspect', '5 runs in a row failed'],
    ['dF F@1 dF@2 F@10', 'broken', '4 runs in a row failed'],

    ['F:spawn-throttled', 'suspect', '1 run failed'],
    ['F:spawn-throttled', 'suspect', 'which may pass by itself: it counts when every run of 30 min failed'],
    ['F:spawn-throttled cF:spawn-throttled@1 cF:spawn-throttled@3', 'suspect', '3 runs in a row failed'],
    ['F:spawn-throttled F:spawn-throttled', 'suspect', '2 runs in a row failed'],
    ['F:spawn-throttled F:spawn-throttled F:spawn-throttled@29.4', 'suspect', '3 runs in a row failed'],
    ['F:spawn-throttled F:spawn-throttled F:spawn-throttled@29.5', 'broken', '3 runs in a row failed'],
    ['F:spawn-throttled P F:spawn-throttled@20 F:spawn-throttled@30', 'suspect', '2 runs in a row failed'],
    ['F:spawn-throttled F F', 'broken', '3 runs in a row failed'],
    ['F:spawn-throttled F cF@11.5 cF@13', 'broken', '4 runs in a row failed'],
    ['F cF:spawn-throttled@1 cF:spawn-throttled@3', 'suspect', '0 of 2 confirmations failed'],

    [
      'F F P',
      'recovering',
      `users can start a server again: 1 of 3 runs passed since ${DAY} 10:20 UTC, 15 min without`,
    ],
    ['F F P dP@21 dP@22', 'recovering', '3 of 3 runs passed'],
    ['F F P P', 'recovering', '2 of 3 runs passed'],
    ['F F P P P', 'healthy', `3 runs in a row passed since ${DAY} 10:20 UTC`],
    ['F F P E P A P', 'healthy', '3 runs in a row passed'],
    ['F F P F', 'broken', `3 runs in a row failed since ${DAY} 10:00 UTC`],
    ['F F P P cF@34', 'broken', '3 runs in a row failed'],
    [
      'F F P P F:spawn-throttled',
      'recovering',
      `2 of 3 runs passed since ${DAY} 10:20 UTC; then 1 run failed (spawn-throttled), which may pass by itself, 15 min`,
    ],
    ['F F P P F:spawn-throttled P', 'recovering', `1 of 3 runs passed since ${DAY} 10:50 UTC, 15 min`],
    ['F F P P F:spawn-throttled P P P', 'healthy', `3 runs in a row passed since ${DAY} 10:50 UTC`],
    ['F F P F:spawn-throttled F', 'broken', '4 runs in a row failed'],
    // One that passes now and then does not make a recovery of what mostly fails.
    [
      'F F P F:spawn-throttled F:spawn-throttled P F:spawn-throttled@59.4',
      'recovering',
      'then 3 runs failed (spawn-throttled)',
    ],
    ['F F P F:spawn-throttled F:spawn-throttled P F:spawn-throttled@59.5', 'broken', '5 runs'],
    ['F F P F:spawn-throttled F:spawn-throttled F:spawn-throttled@59.4', 'recovering', 'then 3 runs failed'],
    ['F F P F:spawn-throttled F:spawn-throttled F:spawn-throttled@59.5', 'broken', '5 runs in a row failed'],
    ['F F P P P F', 'suspect', `1 run failed since ${DAY} 10:50 UTC`],
  ])('%s → %s', (runs, verdict, because) => {
    const result = judged(runs);

    expect(result).toMatchObject({ verdict, because: expect.stringContaining(because) });
  });

  it('becomes healthy by time alone once enough runs have passed', () => {
    const runs = 'F F P dP@21 dP@22';

    expect(judged(runs, { now: new Date(at(34.9)) }).verdict).toBe('recovering');
    expect(judged(runs, { now: new Date(at(35)) }).verdict).toBe('healthy');
    const doubted = `${runs} F:spawn-throttled@30`;
    expect(judged(doubted, { now: new Date(at(35)) }).verdict).toBe('recovering');
  });

  it('takes nothing from a run that errored, not even a login that passed before', () => {
    expect(judge(situation(history('E', 'server')), 'login').verdict).toBe('unknown');
    expect(judge(situation([...history('E@30'), ...history('F F', 'login')]), 'login').verdict).toBe(
      'broken',
    );
  });

  describe('while starts are left out because they kept failing', () => {
    const outage = history('P@0 F@10 cF@11 cF@13');
    const login = (minute: number, change: Partial<Run> = {}) =>
      history(`P@${minute}`).map((run): Run => ({
        ...run,
        criteria: { login: 'passed' },
        leftOut: '3 starts in a row of ours failed',
        ...change,
      }));
    const judgedAt = (minute: number, later: readonly Run[], earlier = outage) =>
      judge(situation([...later, ...earlier], { now: new Date(at(minute)) }), 'server').verdict;

    it('what is broken stays broken', () => {
      const logins = [299, 240, 180, 120, 60].flatMap((minute) => login(minute));

      expect(judgedAt(300, logins)).toBe('broken');
      expect(judgedAt(311, [...history('F@310'), ...logins])).toBe('broken');
    });

    it('is not known any more when the hub was restarted, until a start is tried again', () => {
      expect(judgedAt(60, login(50))).toBe('broken');
      expect(judgedAt(60, login(50, { hubRestarted: true }))).toBe('unknown');
    });

    it('is not known any more when those runs tell nothing either', () => {
      expect(judgedAt(60, login(50, { outcome: 'errored' }))).toBe('unknown');
      expect(judgedAt(100, login(50))).toBe('unknown');
    });

    it('is not known when it was not broken, or was not left out for that', () => {
      expect(judgedAt(60, login(50), history('P@0'))).toBe('unknown');
      const short = history('P@50').map((run): Run => ({ ...run, criteria: { login: 'passed' } }));
      expect(judgedAt(60, short)).toBe('unknown');
    });
  });

  it('does not know any more when nothing was told for more than three intervals', () => {
    expect(judged('P@0', { now: new Date(at(30.5)) }).verdict).toBe('healthy');
    expect(judged('P@0', { now: new Date(at(30.6)) })).toMatchObject({
      verdict: 'unknown',
      since: at(0.5),
      because: `whether users can start a server is not known: no run has told anything since ${DAY} 10:00 UTC`,
    });
    expect(judged('F F E E E E')).toMatchObject({ verdict: 'unknown' });
    expect(judged('F F E E E E F')).toMatchObject({ verdict: 'broken' });
  });

  describe('after a silence', () => {
    it('begins anew: failures far apart are not in a row', () => {
      expect(judged('F@0 F@60').verdict).toBe('broken');
      expect(judged('F@0 F@71')).toMatchObject({ verdict: 'suspect', since: at(71) });
      expect(judged('F@0 E@20 E@40 E@60 F@80')).toMatchObject({ verdict: 'suspect', since: at(80) });
      expect(judged('F@0 cF@1 cF@300 cF@302', {}).verdict).toBe('suspect');
      expect(judged('F@0 F@10 F@100')).toMatchObject({ verdict: 'suspect', since: at(100) });
      expect(judged('F F P@100').verdict).toBe('healthy');
    });

    it('is confirmed like any other first failure', () => {
      expect(judged('F@0 F@71 cF@73 cF@75')).toMatchObject({ verdict: 'broken', since: at(71) });
    });

    it('takes longer with a schedule that looks rarely', () => {
      const rarely = evenRhythm(40 * 60_000);

      expect(judged('F@0 F@120', rarely).verdict).toBe('broken');
      expect(judged('F@0 F@121', rarely).verdict).toBe('suspect');
    });

    it('is none where the schedule itself leaves out a night', () => {
      const daytime = { intervalMs: 4 * 3_600_000, longestGapMs: 20 * 3_600_000 };
      const criteria = {
        ...CRITERIA_IN_TESTS,
        declare: { confirmAfterMs: [], consecutive: 3, persistForMs: 0 },
      };

      expect(judged('F@0 F@240 F@1440', { ...daytime, criteria })).toMatchObject({
        verdict: 'broken',
        since: at(0),
      });
    });

    it('leaves nothing of what counts only when it lasts, also in a recovery', () => {
      const declared = { declared: ['server' as const] };
      const throttled = 'F F P F:spawn-throttled@40';

      expect(judged(`${throttled} F:spawn-throttled@75`, declared).verdict).toBe('broken');
      expect(judged(`${throttled} E@60 E@120 F:spawn-throttled@340`, declared).verdict).toBe('recovering');
    });

    it('of dask workers goes on while starts of servers are rationed', () => {
      const logins = Array.from({ length: 12 }, (_, index) =>
        history(`P@${20 + index * 10}`).map((run): Run => ({
          ...run,
          criteria: { login: 'passed' },
          leftOut: 'rationed',
        })),
      ).flat();
      const runs = [...history('F@140', 'dask'), ...logins.toReversed(), ...history('F@0', 'dask')];
      const probes = ['login', 'server', 'dask'] as const;

      expect(judge(situation(runs, { probes }), 'dask')).toMatchObject({
        verdict: 'suspect',
        since: at(140),
      });
    });

    it('does not begin where the failure before the silence began, though that was stored last', () => {
      const runs = history('F@0 F@71');
      const previous = judgeHub(situation(runs.slice(1)));

      expect(judge(situation(runs, { previous }), 'server')).toMatchObject({
        verdict: 'suspect',
        since: at(71),
      });
    });

    it('goes on when an incident was declared', () => {
      expect(judged('F@0 F@10 F@300', { declared: ['server'] })).toMatchObject({
        verdict: 'broken',
        since: at(0),
      });
    });
  });

  it('declares without confirmations when none are wanted, by scheduled runs in a row only', () => {
    const criteria = {
      ...CRITERIA_IN_TESTS,
      declare: { confirmAfterMs: [], consecutive: 3, persistForMs: 0 },
    };

    expect(judged('F dF@1 F', { criteria })).toMatchObject({
      verdict: 'suspect',
      because: expect.stringContaining('3 scheduled runs in a row would have to fail'),
    });
    expect(judged('F F F', { criteria }).verdict).toBe('broken');
  });
});

describe('judge: what a verdict names', () => {
  it('names the failed runs behind broken, oldest first, and since when', () => {
    const runs = history('P F E F F');

    expect(judge(situation(runs), 'server')).toMatchObject({
      hub: 'staging',
      criterion: 'server',
      since: at(10),
      runs: [nth(runs, 2), nth(runs, 4), nth(runs, 5)],
    });
  });

  it('names ten runs at most: the first and the latest', () => {
    const runs = history('F '.repeat(30));

    const verdict = judge(situation(runs), 'server');

    expect(verdict.runs).toHaveLength(10);
    expect(verdict.runs[0]).toBe(nth(runs, 1));
    expect(verdict.runs[9]).toBe(nth(runs, 30));
  });

  it('keeps the true beginning when the first runs were cut off', () => {
    const all = history('F '.repeat(30));
    const previous = judgeHub(situation(all.slice(1)));

    const verdict = judge(situation(all.slice(0, 5), { previous }), 'server');

    expect(verdict).toMatchObject({ verdict: 'broken', since: at(0) });
    expect(verdict.runs[0]).toBe(nth(all, 1));
  });

  it('takes a declared criterion for broken when all runs that say so were cut off', () => {
    expect(judged('P@500', { declared: ['server'] }).verdict).toBe('recovering');
    expect(judged('E@500', { declared: ['server'] }).verdict).toBe('unknown');
    expect(judged('F@500', { declared: ['server'] }).verdict).toBe('broken');
  });
});

describe('judge: a rejected login', () => {
  const rejected = 'F:login-rejected F:login-rejected F:login-rejected';

  it('says nothing of the hub while the account has never worked', () => {
    const verdict = judge(situation(history(rejected, 'login'), { provenAccounts: [] }), 'login');

    expect(verdict).toMatchObject({
      verdict: 'unknown',
      because:
        'whether users can log in is not known: the hub rejects the login of an account that has never worked here; check the credential first',
    });
  });

  it('is evidence for an account that has worked', () => {
    expect(judge(situation(history(rejected, 'login')), 'login').verdict).toBe('broken');
  });

  it('does not become evidence afterwards, when the credential was put right', () => {
    const runs = history(`${rejected} P`, 'login');

    expect(judge(situation(runs), 'login').verdict).toBe('healthy');
  });

  it('is evidence from the first login on', () => {
    const runs = history('F:login-rejected P F:login-rejected F:login-rejected', 'login');

    expect(judge(situation(runs), 'login')).toMatchObject({ verdict: 'broken', since: at(20) });
  });

  it('leaves other failures of an unproven account what they are', () => {
    const runs = history('F:hub-down F:hub-down', 'login');

    expect(judge(situation(runs, { provenAccounts: [] }), 'login').verdict).toBe('broken');
  });
});

describe('judgeHub', () => {
  it('judges what the hub is probed for, in the order a user meets it', () => {
    const verdicts = judgeHub(situation(history('P', 'dask'), { probes: ['login', 'server', 'dask'] }));

    expect(verdicts.map(({ criterion, verdict }) => [criterion, verdict])).toEqual([
      ['login', 'healthy'],
      ['server', 'healthy'],
      ['dask', 'healthy'],
    ]);
  });

  it('does not know of the rest while users can not log in', () => {
    const runs = [...history('F@20 F@30', 'login'), ...history('F F', 'server')];

    const [login, server] = judgeHub(situation(runs));

    expect(login).toMatchObject({ verdict: 'broken', since: at(20) });
    expect(server).toMatchObject({
      verdict: 'unknown',
      since: at(20),
      because: "whether users can start a server is not known: they can't log in",
    });
  });

  it('counts a login that passed before the server failed', () => {
    const [login, server] = judgeHub(situation(history('F F', 'server')));

    expect([login?.verdict, server?.verdict]).toEqual(['healthy', 'broken']);
  });
});
