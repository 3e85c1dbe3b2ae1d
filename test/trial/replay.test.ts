import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { compare, secondsToDeclare, stretchesOf, tally } from '../../src/trial/compare.ts';
import { replay } from '../../src/trial/replay.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { START_MS, aRunOf, settings } from './lives.ts';

const MINUTE = 60_000;

/** `S@10 cS@11`: runs of hub c, which stands alone, and the minutes after the start at which they began. */
function recorded(text: string, hub = 'c'): readonly Run[] {
  return text.split(' ').map((token) => {
    const [result = '', minute] = token.split('@');
    return aRunOf(hub, result, START_MS + Number(minute) * MINUTE);
  });
}

function replayed(runs: readonly Run[], confirmAfterMinutes: readonly number[], consecutive = 2) {
  const declare = {
    ...CRITERIA_IN_TESTS.declare,
    confirmAfterMs: confirmAfterMinutes.map((minutes) => minutes * MINUTE),
    consecutive,
  };
  const span = { fromMs: START_MS, toMs: START_MS + 120 * MINUTE };
  return replay(settings({ criteria: { ...CRITERIA_IN_TESTS, declare } }), runs, span);
}

const OUTAGE = recorded('P@0 S@10 cS@11.5 cS@12.5 S@20 P@30 P@40 P@50 P@60');

describe('replaying recorded runs', () => {
  it('declares what was declared under the same criteria', () => {
    const { entries, confirmed, missing, leftOut } = replayed(OUTAGE, [1, 2]);

    expect(entries).toMatchObject([
      {
        incident: {
          criterion: 'server',
          startedAt: '2026-03-01T10:10:00.000Z',
          declaredAt: '2026-03-01T10:13:00.000Z',
        },
      },
    ]);
    expect({ confirmed, missing, leftOut }).toEqual({ confirmed: 2, missing: [], leftOut: [] });
  });

  it('takes runs in the order in which they ended, however they come', () => {
    expect(replayed(OUTAGE.toReversed(), [1, 2]).entries).toEqual(replayed(OUTAGE, [1, 2]).entries);
  });

  it('declares earlier when fewer confirmations are asked for, and leaves out those that nobody would have made', () => {
    const { entries, confirmed, leftOut } = replayed(OUTAGE, [1]);

    expect(entries[0]?.incident.declaredAt).toBe('2026-03-01T10:12:00.000Z');
    expect(confirmed).toBe(1);
    expect(leftOut.map(({ startedAt }) => startedAt)).toEqual(['2026-03-01T10:12:30.000Z']);
  });

  it('does not let a confirmation that nobody would have made clear a suspicion', () => {
    const { entries, leftOut } = replayed(recorded('P@0 S@10 cP@11.5 S@20 S@30'), []);

    expect(leftOut).toHaveLength(1);
    expect(entries[0]?.incident.startedAt).toBe('2026-03-01T10:10:00.000Z');
  });

  it('says which confirmations would have been asked for and were never made', () => {
    const { entries, missing } = replayed(recorded('P@0 S@10 cS@11.5 P@20'), [1, 2, 3]);

    expect(entries).toEqual([]);
    expect(missing).toEqual([{ hub: 'c', criteria: ['server'], at: '2026-03-01T10:12:30.000Z' }]);
  });

  it('takes the run that looks at a hub when maintenance ends, which no earlier run gave reason for', () => {
    const runs = recorded('S@10 cS@11.5 cS@12.5 S@20 S@30 S@40 S@50 cS@60.3 S@70');
    const maintenance = [
      {
        hubs: ['c'],
        from: new Date(START_MS).toISOString(),
        to: new Date(START_MS + 60 * MINUTE).toISOString(),
        reason: 'upgrade',
      },
    ];
    const span = { fromMs: START_MS, toMs: START_MS + 80 * MINUTE };

    const { entries, leftOut } = replay(settings({ maintenance }), runs, span);

    expect(leftOut).toEqual([]);
    expect(entries[0]?.incident).toMatchObject({
      startedAt: '2026-03-01T10:10:00.000Z',
      declaredAt: expect.stringMatching(/T11:00:/),
    });
  });

  it('says so at the end of the record, too, and not of what was still to come', () => {
    const runs = recorded('P@0 S@118');

    expect(replayed(runs, [1]).missing).toHaveLength(1);
    expect(replayed(runs, [5]).missing).toEqual([]);
  });

  it('is not asked again when another run comes first', () => {
    expect(replayed(recorded('P@0 S@10 P@11 S@20 S@30'), [5]).missing).toHaveLength(1);
  });

  it('notes every turn of a verdict', () => {
    const turns = replayed(OUTAGE, [1, 2]).turns.filter(
      ({ hub, criterion }) => hub === 'c' && criterion === 'server',
    );

    expect(turns.map(({ verdict }) => verdict)).toEqual([
      'unknown',
      'healthy',
      'suspect',
      'broken',
      'recovering',
      'healthy',
      'unknown',
    ]);
  });
});

describe('what was declared and what would have been', () => {
  const trial = replayed(OUTAGE, [1]).entries;
  const actual = replayed(OUTAGE, [1, 2]).entries;
  const other = replayed(recorded('P@0 S@70 cS@71.5 cS@72.5'), [1, 2]).entries;
  const ofAnotherHub = replayed(recorded('P@0 S@10 cS@11.5 cS@12.5', 'a'), [1, 2]).entries;

  it('puts together what is about the same fault', () => {
    expect(compare(actual, trial)).toEqual([{ actual, trial }]);
  });

  it.each([
    { what: 'another time', others: other },
    { what: 'another hub', others: ofAnotherHub },
  ])('keeps apart what is about $what', ({ others }) => {
    const matches = compare(actual, others);

    expect(matches).toHaveLength(2);
    expect(matches).toContainEqual({ actual, trial: [] });
    expect(matches).toContainEqual({ actual: [], trial: others });
  });

  it('puts two and one together when the one reaches over both', () => {
    const [entry] = actual;
    if (entry === undefined) throw new Error('nothing was declared');
    const long = { ...entry, incident: { ...entry.incident, resolvedAt: null } };

    expect(compare([...actual, ...other], [long])).toEqual([
      { actual: [...actual, ...other], trial: [long] },
    ]);
  });

  it('counts, and tells how long it took', () => {
    expect(actual.map(({ incident }) => secondsToDeclare(incident))).toEqual([180]);
    expect(tally([...actual, ...trial])).toEqual({
      declared: 2,
      reopened: 0,
      medianSecondsToDeclare: 150,
      p95SecondsToDeclare: 177,
    });
    expect(tally([])).toMatchObject({ declared: 0, medianSecondsToDeclare: null });
  });

  it('knows from when to when it was declared', () => {
    expect(actual.flatMap(stretchesOf)).toEqual([
      {
        failedMs: START_MS + 10 * MINUTE,
        fromMs: START_MS + 13 * MINUTE,
        toMs: START_MS + 50.5 * MINUTE,
      },
    ]);
  });
});
