import { describe, expect, it } from 'vitest';
import { tellsCause } from './causes.ts';
import { hubcanary } from './contestants.ts';
import { asMarkdown } from './document.ts';
import type { Cost, JudgedRow, Verdict } from './results.ts';

const circumstances = { date: 'today', machine: 'a machine', rows: { all: 9, alike: 8 } };
const said = (verdict: Partial<Verdict>): Verdict => ({
  noticed: true,
  blamed: 'login',
  tellsWhy: false,
  seconds: 5,
  timedOut: false,
  ...verdict,
});

/** What stands in the table for a row that only one contestant was judged by. */
function cellOf(criterion: string | null, verdict: Verdict): string {
  const row: JudgedRow = { fault: 'the fault', criterion, reason: null, verdicts: { somebody: verdict } };
  const lines = asMarkdown({ cost: [], rows: [row] }, circumstances).split('\n');
  return (
    lines
      .find((line) => line.startsWith('| the fault |'))
      ?.split(' | ')[2]
      ?.replace(/ \|$/, '') ?? ''
  );
}

describe('the side by side says of a row', () => {
  it.each<[what: string, criterion: string | null, verdict: Verdict, cell: string]>([
    ['that was blamed rightly', 'login', said({}), '✔ 5 s'],
    ['of which the cause can be told, too', 'login', said({ tellsWhy: true }), '✔✔ 5 s'],
    ['that was blamed wrongly', 'login', said({ blamed: 'server', tellsWhy: true }), 'blames server, 5 s'],
    ['that was noticed and blames nothing', 'login', said({ blamed: null }), 'blames nothing, 5 s'],
    ['that was not noticed', 'login', said({ noticed: false, blamed: null }), '**passed**, 5 s'],
    [
      'that was never ended',
      'login',
      said({ noticed: false, blamed: null, timedOut: true }),
      'nothing said in 5 s',
    ],
    ['of a well hub that was not blamed', null, said({ noticed: false, blamed: null }), '✔ 5 s'],
    ['of a well hub that was blamed', null, said({}), 'blames login, 5 s'],
    ['of a well hub, ended without a word against it', null, said({ blamed: null }), '✔ 5 s'],
    [
      'of a well hub that nothing was heard of',
      null,
      said({ noticed: false, blamed: null, timedOut: true }),
      'nothing said in 5 s',
    ],
  ])('%s', (_what, criterion, verdict, cell) => {
    expect(cellOf(criterion, verdict)).toBe(cell);
  });
});

describe('the side by side compares times', () => {
  const spread = (median: number) => ({ median, least: median, most: median });
  const cost = (contestant: string, start: number, rest: number): Cost => ({
    contestant,
    atOnce: 1,
    runs: 5,
    failed: 0,
    coldSeconds: null,
    warmSeconds: spread(start + rest),
    hubStartSeconds: spread(start),
    otherSeconds: spread(rest),
    cpuSeconds: null,
    peakMiB: null,
    load: null,
  });
  const document = asMarkdown(
    { cost: [cost('hubcanary check', 6, 6), cost('bare Playwright script', 2, 6)], rows: [] },
    circumstances,
  );

  it('as they were', () => {
    expect(document).toContain("| time, warm | at most 1.1 × the bare script's | 1.50 | **not met** |");
  });

  it("and without the hub's own wait", () => {
    expect(document).toMatch(/all but what the hub took to start the server\s*\|\s*\| 1\.00 \|/);
    expect(document).toContain('A start takes the hub between 2 and 6 s');
  });
});

it('no cause is told by the decimals of a time', () => {
  expect(tellsCause('hub-down', '{"seconds": 0.503}')).toBe(false);
  expect(tellsCause('hub-down', 'answered 503')).toBe(true);
});

it("no cause is told by the name that Hubcanary's record gives it", () => {
  const record = '{"reason": "spawn-throttled", "message": "the hub answered 429"}';

  expect(hubcanary.withoutNames?.(record)).toBe('{, "message": "the hub answered 429"}');
});
