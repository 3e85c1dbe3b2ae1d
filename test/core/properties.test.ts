import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextConfirmation } from '../../src/core/confirm.ts';
import type { Run } from '../../src/core/run.ts';
import { type Books, assessed, live, logs, openIn } from './books.ts';
import { at, history, situation } from './history.ts';

/** Scheduled, confirming and on-demand runs that passed or failed. */
const evidence = fc.constantFrom('P', 'P', 'F', 'F', 'cP', 'cF', 'dP', 'dF');
/** Runs that say nothing. */
const silence = fc.constantFrom('E', 'A', 'U', 'cE', 'cA', 'dE');
const criterion = fc.constantFrom('login' as const, 'server' as const);

interface Timed {
  readonly token: string;
  readonly gap: number;
}

const timed = (token: fc.Arbitrary<string>) => fc.record({ token, gap: fc.integer({ min: 1, max: 12 }) });
const lives = fc.array(
  timed(fc.oneof({ weight: 3, arbitrary: evidence }, { weight: 1, arbitrary: silence })),
  {
    maxLength: 40,
  },
);

function historyOf(tokens: readonly Timed[], of: 'login' | 'server'): readonly Run[] {
  let minute = 0;
  return history(tokens.map(({ token, gap }) => `${token}@${(minute += gap)}`).join(' '), of);
}

/** What became of the incidents: events and verdicts, without ids, texts and times. */
function outline(books: Books) {
  return logs(books).map(({ incident, events }) => ({
    criterion: incident.criterion,
    state: incident.state,
    startedAt: incident.startedAt,
    recoveredAt: incident.recoveredAt,
    events: events.map(({ kind }) => kind),
  }));
}

/** Only some of the runs, looked at whenever one of all has ended: time alone decides things, too. */
function lookedAt(runs: readonly Run[], moments: readonly Run[]): Books {
  return moments.toReversed().reduce<Books>(
    (books, { finishedAt }) =>
      assessed(
        books,
        runs.filter((run) => run.finishedAt <= finishedAt),
        new Date(finishedAt),
      ),
    { events: [], effects: [], verdicts: [], decisions: [] },
  );
}

describe('over random lives of a hub', () => {
  it('every decision leaves rows that their logs replay to, and at most one open incident per criterion', () => {
    fc.assert(
      fc.property(lives, criterion, (tokens, of) => {
        const books = live(historyOf(tokens, of));

        const rows = new Map(
          books.decisions.flatMap(({ changes }) => changes.map(({ incident }) => [incident.id, incident])),
        );
        expect(logs(books).map(({ incident }) => incident)).toEqual([...rows.values()]);
        const open = openIn(books).map(({ incident }) => incident.criterion);
        expect(new Set(open).size).toBe(open.length);
        const keys = books.effects.map(({ incident, revision, kind }) => `${incident} ${revision} ${kind}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('nothing is declared without enough failures in a row, and nothing else counts', () => {
    fc.assert(
      fc.property(lives, criterion, (tokens, of) => {
        const runs = historyOf(tokens, of).toReversed();

        for (const { incident } of logs(live(runs.toReversed()))) {
          const first = runs.findIndex(({ id }) => id === incident.firstRun);
          const until = runs.slice(first).filter(({ finishedAt }) => finishedAt <= incident.declaredAt);
          const said = until.filter(
            ({ outcome, criteria }) => outcome !== 'errored' && criteria[incident.criterion] !== 'unknown',
          );
          expect(said.every(({ criteria }) => criteria[incident.criterion] === 'failed')).toBe(true);
          const confirmed = said.slice(1).filter(({ trigger }) => trigger === 'confirm').length;
          const scheduled = said.filter(({ trigger }) => trigger === 'schedule').length;
          expect(confirmed >= 2 || scheduled >= 2).toBe(true);
        }
      }),
    );
  });

  it('runs that say nothing change nothing, wherever they happen', () => {
    const withSilence = fc.array(
      fc.record({
        token: evidence,
        gap: fc.integer({ min: 2, max: 9 }),
        silent: fc.array(silence, { maxLength: 3 }),
      }),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(withSilence, criterion, (steps, of) => {
        let minute = 0;
        const plain: string[] = [];
        const noisy: string[] = [];
        for (const { token, gap, silent } of steps) {
          const fits = silent.filter((each) => of === 'server' || !each.endsWith('U'));
          noisy.push(...fits.map((each, index) => `${each}@${minute + 0.6 + index * 0.4}`));
          minute += gap;
          plain.push(`${token}@${minute}`);
          noisy.push(`${token}@${minute}`);
        }

        const quiet = lookedAt(history(plain.join(' '), of), history(noisy.join(' '), of));
        const disturbed = live(history(noisy.join(' '), of));

        expect(outline(disturbed).filter((each) => each.criterion === of)).toEqual(
          outline(quiet).filter((each) => each.criterion === of),
        );
      }),
    );
  });

  it('ends well after enough passes, whatever happened before', () => {
    fc.assert(
      fc.property(lives, criterion, (tokens, of) => {
        const passes = Array.from({ length: 4 }, () => ({ token: 'P', gap: 10 }));

        const books = live(historyOf([...tokens, ...passes], of));

        // What came and went has to be well for longer.
        expect(openIn(books).filter(({ incident }) => !incident.isFlapping)).toEqual([]);
        expect(books.verdicts.map(({ verdict }) => verdict)).toEqual(['healthy', 'healthy']);
      }),
    );
  });

  it('a suspicion that comes from the newest run is confirmed, and nothing else ever is', () => {
    fc.assert(
      fc.property(lives, (tokens) => {
        const runs = historyOf(tokens, 'server');
        const suspect = live(runs).verdicts.filter(({ verdict }) => verdict === 'suspect');

        const confirmation = nextConfirmation(situation(runs));

        const fresh = suspect.some((verdict) => verdict.runs.at(-1) === runs[0]?.id);
        expect(confirmation !== null || !fresh).toBe(true);
        expect(confirmation === null || suspect.length > 0).toBe(true);
        expect((confirmation?.at ?? '9') >= (runs[0]?.finishedAt ?? '')).toBe(true);
      }),
    );
  });

  it('looking more often changes nothing but when time alone resolves', () => {
    fc.assert(
      fc.property(lives, (tokens) => {
        const runs = historyOf(tokens, 'server');
        const oldestFirst = runs.toReversed();

        const books = oldestFirst.reduce<Books>(
          (before, run, index) => {
            const known = runs.slice(-(index + 1));
            const once = assessed(before, known, new Date(run.finishedAt));
            return assessed(once, known, new Date(run.finishedAt));
          },
          { events: [], effects: [], verdicts: [], decisions: [] },
        );

        expect(outline(books)).toEqual(outline(live(runs)));
      }),
    );
  });
});

describe('a window of recent runs', () => {
  it('decides as the whole history would, because open incidents are remembered', () => {
    const whole = history(`${'F '.repeat(60)} ${'E '.repeat(30)} P P P`);
    const before = live(whole.slice(3));

    const books = live(whole.slice(0, 3), {}, before);

    expect(outline(books)).toMatchObject([{ state: 'resolved', startedAt: at(0), recoveredAt: at(900) }]);
  });
});
