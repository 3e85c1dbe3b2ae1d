import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident.ts';
import { type Books, type Circumstances, assessed, live, logs, openIn } from './books.ts';
import { at, history, nth } from './history.ts';
import { hub } from './hub.ts';

const BROKEN = 'P F@10 cF@11.5 cF@13';

function story(text: string, circumstances?: Circumstances): Books {
  return live(history(text), circumstances);
}

function onlyIncident(books: Books): Incident {
  const [only, another] = logs(books);
  if (only === undefined || another !== undefined) throw new Error('there is not exactly one incident');
  return only.incident;
}

describe('decide: a table of stories', () => {
  it.each<[runs: string, events: readonly string[], effects: readonly string[]]>([
    ['P P P', [], []],
    ['P F', [], []],
    ['P F cP@11', [], []],
    [BROKEN, ['declared'], ['open-issue']],
    ['P F F', ['declared'], ['open-issue']],
    ['F F F F', ['declared'], ['open-issue']],
    ['F F E A U@41', ['declared'], ['open-issue']],
    ['F F P', ['declared', 'mitigated'], ['open-issue', 'update-issue']],
    ['F F P P', ['declared', 'mitigated'], ['open-issue', 'update-issue']],
    [
      'F F P F',
      ['declared', 'mitigated', 'regressed'],
      ['open-issue', 'update-issue', 'comment', 'update-issue'],
    ],
    [
      'F F P P P',
      ['declared', 'mitigated', 'resolved'],
      ['open-issue', 'update-issue', 'comment', 'close-issue'],
    ],
    [
      'F F P P P P F F',
      ['declared', 'mitigated', 'resolved', 'reopened'],
      ['open-issue', 'update-issue', 'comment', 'close-issue', 'reopen-issue', 'comment'],
    ],
  ])('%s: %j', (runs, events, effects) => {
    const books = story(runs);

    expect(books.events.map(({ kind }) => kind)).toEqual(events);
    expect(books.effects.map(({ kind }) => kind)).toEqual(effects);
  });
});

describe('decide: what is declared', () => {
  it('says since when, by which runs, and how severe', () => {
    const runs = history(BROKEN);

    const incident = onlyIncident(live(runs));

    expect(incident).toMatchObject({
      scope: { kind: 'hub', id: 'staging' },
      criterion: 'server',
      severity: 'high',
      state: 'declared',
      startedAt: at(10),
      declaredAt: at(13.5),
      firstRun: nth(runs, 2),
      lastFailedRun: nth(runs, 4),
    });
  });

  it('is never severe on a staging hub', () => {
    expect(onlyIncident(story(BROKEN, { hub: hub({ tier: 'staging' }) })).severity).toBe('low');
  });

  it('hides server and dask behind login', () => {
    const runs = [...history('F@40 F@50', 'login'), ...history('F F@5 P@10 P@20 P@30', 'server')];

    const books = live(runs);

    expect(openIn(books).map(({ incident }) => incident.criterion)).toEqual(['login']);
    expect(books.verdicts[1]).toMatchObject({ criterion: 'server', verdict: 'unknown' });
  });

  it('records when well again, from the first run that passed', () => {
    expect(onlyIncident(story('F F P P P'))).toMatchObject({
      state: 'resolved',
      recoveredAt: at(20),
      resolvedAt: at(40.5),
    });
  });

  it('names the run that a relapse began with', () => {
    const runs = history('F F P F');

    expect(onlyIncident(live(runs))).toMatchObject({
      state: 'declared',
      recoveredAt: null,
      lastFailedRun: nth(runs, 4),
    });
  });

  it('resolves by time alone', () => {
    const runs = history('F F P dP@21 dP@22');

    const before = live(runs);
    const after = assessed(before, runs, new Date(at(35)));

    expect(before.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated']);
    expect(after.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated', 'resolved']);
  });

  it('neither declares nor resolves by silence', () => {
    const runs = history('F F P');

    const books = assessed(live(runs), runs, new Date(at(500)));

    expect(books.verdicts[1]?.verdict).toBe('unknown');
    expect(books.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated']);
  });
});

describe('decide: a level, not an edge', () => {
  it('declares what a crash kept from being declared', () => {
    const runs = history(BROKEN);
    const crashed = { ...live(runs), events: [], effects: [] };

    const books = assessed(crashed, runs, new Date(at(14)));

    expect(onlyIncident(books)).toMatchObject({ startedAt: at(10), declaredAt: at(14) });
  });

  it('declares once, however often it looks', () => {
    const runs = history(BROKEN);

    const once = live(runs);
    const thrice = assessed(assessed(once, runs, new Date(at(15))), runs, new Date(at(16)));

    expect(thrice.events).toEqual(once.events);
    expect(thrice.effects).toEqual(once.effects);
  });

  it('catches up with all that happened to an incident meanwhile', () => {
    const open = live(history('F F'));
    const later = history('F F P P P P');

    const books = assessed(open, later, new Date(at(50.5)));

    expect(books.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated', 'resolved']);
    expect(books.effects.map(({ kind }) => kind)).toEqual(['open-issue', 'comment', 'close-issue']);
  });
});

describe('decide: maintenance', () => {
  const window = { hubs: ['staging'], from: at(0), to: at(30), reason: 'upgrade' };

  it('declares nothing, and says so once', () => {
    const books = story(`${BROKEN} F@20`, { maintenance: [window] });

    expect(books.events).toEqual([]);
    expect(
      books.decisions.flatMap(({ reasons }) => reasons).filter((text) => /maintenance/.test(text)),
    ).toEqual(['staging is under maintenance (upgrade): nothing is declared until 2026-03-01 10:30 UTC']);
  });

  it('declares with the true start as soon as a run has seen that the hub is still broken after its end', () => {
    const runs = history(`${BROKEN} F@20`);
    const muted = live(runs, { maintenance: [window] });

    const over = assessed(muted, runs, new Date(at(30)), { maintenance: [window] });
    expect(over.events).toEqual([]);
    const books = live(history('cF@30'), { maintenance: [window] }, over, runs);

    expect(onlyIncident(books)).toMatchObject({
      startedAt: at(10),
      declaredAt: at(30.5),
      firstRun: nth(runs, 2),
    });
  });

  it('declares nothing by what a run saw that began inside, nor when the first after its end passes', () => {
    const straddling = story(`${BROKEN} F@29.9`, { maintenance: [window] });
    expect(straddling.events).toEqual([]);

    expect(story(`${BROKEN} F@20 P@30 P P P`, { maintenance: [window] }).events).toEqual([]);
  });

  it('keeps quiet about what was mitigated before and breaks inside', () => {
    const maintenance = [{ ...window, from: at(25), to: at(55) }];

    const inside = story('P F F P F F', { maintenance });
    expect(inside.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated']);

    const after = story('P F F P F F F', { maintenance });
    expect(after.events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated', 'regressed']);
  });

  it('says nothing at all of what broke and healed inside', () => {
    expect(story('F F P P P P', { maintenance: [{ ...window, to: at(20) }] }).effects).toEqual([]);
  });

  it('does not keep an open incident from being resolved', () => {
    const later = { ...window, from: at(15), to: at(100) };

    expect(onlyIncident(story('F F@5 P@20 P P P', { maintenance: [later] })).state).toBe('resolved');
  });
});

describe('decide: reasons for the log', () => {
  it('tells every turn and every event with its because', () => {
    const reasons = story('P F').decisions.flatMap((decision) => decision.reasons);

    expect(reasons).toEqual([
      'staging, login: unknown → healthy, because users can log in: 1 run passed since 2026-03-01 10:00 UTC',
      'staging, server: unknown → healthy, because users can start a server: 1 run passed since 2026-03-01 10:00 UTC',
      'staging, server: healthy → suspect, because users may not be able to start a server: 1 run failed since 2026-03-01 10:10 UTC (hub-error), 0 of 2 confirmations failed',
    ]);
  });
});
