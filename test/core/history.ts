import type { Criteria } from '../../src/core/criteria.ts';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import { REASONS, type Reason } from '../../src/core/reason.ts';
import type { CriterionResult, Failure, Run, Trigger } from '../../src/core/run.ts';
import { evenRhythm } from '../../src/core/rhythm.ts';
import type { Situation } from '../../src/core/situation.ts';

/** When the histories below begin. */
const START = Date.UTC(2026, 2, 1, 10, 0);
const RUN_MS = 30_000;

export const CRITERIA_IN_TESTS: Criteria = {
  declare: { confirmAfterMs: [60_000, 120_000], consecutive: 2, persistForMs: 30 * 60_000 },
  recover: { passes: 3, quietForMs: 15 * 60_000 },
  reopenWithinMs: 86_400_000,
  flapping: { cycles: 3, withinMs: 86_400_000, steadyForMs: 4 * 3_600_000 },
  group: { waitMs: 150_000, hubs: 2, share: 0.5 },
};

/** Minutes after the start, as ISO 8601. */
export function at(minute: number): string {
  return new Date(START + minute * 60_000).toISOString();
}

/**
 * A history of one criterion in short, oldest first: `P@0 F@10 cF:hub-error@11 cE@13`.
 * Result: Passed, Failed, Errored, Aborted, Unknown. Trigger before it: c confirm, d demand, a alert, none for schedule.
 * After the colon the reason, after the @ the minute at which the run began (else ten minutes after the one before).
 * @returns newest first, as the store gives them
 */
export function history(text: string, criterion: Criterion = 'server', hub = 'staging'): readonly Run[] {
  const runs: Run[] = [];
  let minute = -10;
  for (const token of text.split(/\s+/).filter((part) => part !== '')) {
    const match = /^([cda]?)([PFEAU])(?::([a-z-]+))?(?:@([\d.]+))?$/.exec(token);
    if (match === null) throw new Error(`"${token}" is not a run`);
    const [, trigger = '', letter = '', reason, given] = match;
    minute = given === undefined ? minute + 10 : Number(given);
    runs.unshift(runAt({ minute, trigger: TRIGGER[trigger] ?? 'schedule', letter, reason, criterion, hub }));
  }
  return runs;
}

export function situation(runs: readonly Run[], change: Partial<Situation> = {}): Situation {
  const newest = runs[0];
  return {
    hub: 'staging',
    probes: ['login', 'server'],
    runs,
    criteria: CRITERIA_IN_TESTS,
    ...evenRhythm(10 * 60_000),
    provenAccounts: ['probe'],
    declared: [],
    mutedUntil: null,
    previous: [],
    now: newest === undefined ? new Date(START) : new Date(newest.finishedAt),
    ...change,
  };
}

/** The n-th run of a history, 1 for the oldest. */
export function nth(runs: readonly Run[], n: number): string {
  const run = runs.at(-n);
  if (run === undefined) throw new Error(`there is no run ${n}`);
  return run.id;
}

const TRIGGER: Readonly<Record<string, Trigger>> = { c: 'confirm', d: 'demand', a: 'alert', '': 'schedule' };

interface Wish {
  readonly minute: number;
  readonly trigger: Trigger;
  readonly letter: string;
  readonly reason: string | undefined;
  readonly criterion: Criterion;
  readonly hub: string;
}

function runAt(wish: Wish): Run {
  const startedAt = START + wish.minute * 60_000;
  const failure = failureOf(wish);
  return {
    id: `RUN${String(Math.round(wish.minute * 60)).padStart(9, '0')}`,
    hub: wish.hub,
    trigger: wish.trigger,
    attempt: 1,
    account: 'probe',
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(startedAt + RUN_MS).toISOString(),
    durationSeconds: RUN_MS / 1000,
    outcome: OUTCOME[wish.letter] ?? 'failed',
    criteria: results(wish),
    failure,
    steps: [],
    slow: [],
    cleanup: { status: 'clean', left: [], removed: [], seconds: 1.5 },
    hubVersion: '5.4.0',
    evidence: [],
  };
}

const OUTCOME: Readonly<Record<string, Run['outcome']>> = {
  P: 'passed',
  F: 'failed',
  E: 'errored',
  A: 'aborted',
  U: 'failed',
};

/** What comes before the criterion passed, what comes after it was not reached. */
function results({ criterion, letter }: Wish): Run['criteria'] {
  const index = CRITERIA.indexOf(criterion);
  const own: CriterionResult = letter === 'P' ? 'passed' : letter === 'F' ? 'failed' : 'unknown';
  const probed = CRITERIA.slice(0, Math.max(2, index + 1));
  return Object.fromEntries(
    probed.map((each, position) => {
      if (letter === 'U') return [each, position === 0 && index > 0 ? 'failed' : 'unknown'];
      if (letter === 'A') return [each, 'unknown'];
      if (position === index) return [each, own];
      return [each, position < index || letter === 'P' ? 'passed' : 'unknown'];
    }),
  );
}

function failureOf({ letter, reason, criterion }: Wish): Failure | null {
  const message = 'a server was asked for, nothing came back';
  switch (letter) {
    case 'P':
      return null;
    case 'F':
      return {
        criterion,
        step: 'wait until it is ready',
        reason: known(reason ?? 'hub-error'),
        attribution: 'hub',
        message,
      };
    case 'U':
      return {
        criterion: 'login',
        step: 'open the login page',
        reason: 'hub-down',
        attribution: 'hub',
        message,
      };
    case 'A':
      return { criterion: null, step: null, reason: 'aborted', attribution: 'probe', message };
    default:
      return {
        criterion,
        step: null,
        reason: known(reason ?? 'browser-crashed'),
        attribution: 'probe',
        message,
      };
  }
}

function known(text: string): Reason {
  const reason = REASONS.find((each) => each === text);
  if (reason === undefined) throw new Error(`"${text}" is no reason`);
  return reason;
}
