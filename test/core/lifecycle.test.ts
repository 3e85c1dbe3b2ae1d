import { describe, expect, it } from 'vitest';
import { type Incident, isHeld } from '../../src/core/incident.ts';
import { FleetBooks, type FleetWishes } from './fleet-books.ts';
import { at } from './history.ts';
import { hub } from './hub.ts';

const DOWN = 'P@0 F@10 F@20';
const WELL = 'P@30 P@40 P@50';

function alone(change: Partial<FleetWishes> = {}, text = DOWN): FleetBooks {
  const books = new FleetBooks({ hubs: [hub({ name: 'a', cluster: null })], ...change });
  books.live('a', text);
  books.openIssues();
  return books;
}

function only(books: FleetBooks): Incident {
  const [incident, another] = books.incidents();
  if (incident === undefined || another !== undefined) throw new Error('there is not exactly one incident');
  return incident;
}

function close(books: FleetBooks, minute: number, stateReason: string): void {
  books.human({ incident: only(books).id, at: at(minute), state: 'closed', stateReason });
}

describe('a fault that comes back', () => {
  it('in time belongs to the same incident and issue', () => {
    const books = alone({}, `${DOWN} ${WELL}`);
    expect(only(books).state).toBe('resolved');

    books.live('a', 'F@600 F@610');

    expect(only(books)).toMatchObject({
      state: 'declared',
      startedAt: at(10),
      resolvedAt: null,
      recoveredAt: null,
    });
    expect(books.kinds(only(books)).slice(-2)).toEqual(['issue-opened', 'reopened']);
    expect(books.effects.slice(-2)).toMatchObject([
      {
        kind: 'reopen-issue',
        blocks: { status: expect.stringContaining('| **Again since** | 2026-03-01 20:00 UTC |') },
      },
      { kind: 'comment', body: expect.stringContaining('🔴 It is back') },
    ]);
  });

  it('later is a new incident that names the one before', () => {
    const books = alone({ criteria: { reopenWithinMs: 60 * 60_000 } }, `${DOWN} ${WELL}`);
    const first = only(books);
    books.look(110.4);
    expect(only(books).state).toBe('resolved');
    books.look(110.6);
    expect(only(books)).toMatchObject({ state: 'closed', closedAt: at(110.6) });

    books.live('a', 'F@200 F@210');

    expect(books.active()).toMatchObject([{ previous: first.id, startedAt: at(200) }]);
    expect(books.told('open-issue')[1]).toMatchObject({
      body: expect.stringContaining('The same happened before: #1.'),
    });
  });

  it('that failed in time and was confirmed later is still the same', () => {
    const books = alone({ criteria: { reopenWithinMs: 60 * 60_000 } }, `${DOWN} ${WELL}`);

    books.live('a', 'P@60 P@70 P@80 P@90 P@100 F@110 F@120');

    expect(only(books).state).toBe('declared');
  });
});

describe('a human', () => {
  it('who takes the issue acknowledges it, which a relapse does not undo', () => {
    const books = alone();
    books.human({ incident: only(books).id, at: at(21), assignees: ['ada'] });
    expect(only(books)).toMatchObject({ state: 'acknowledged', acknowledgedAt: at(21), assignees: ['ada'] });

    books.live('a', 'P@30 F@40');

    expect(only(books).state).toBe('acknowledged');
    expect(books.told('update-issue').at(-1)).toMatchObject({
      blocks: { status: expect.stringContaining('| **Taken** | 2026-03-01 10:21 UTC, by ada |') },
    });
  });

  it('who closes it as not planned mutes the fault until it has been well once', () => {
    const books = alone();
    close(books, 21, 'not_planned');
    const told = books.effects.length;

    books.live('a', 'F@30 F@40 P@50 F@60');
    expect(only(books).state).toBe('dismissed');
    expect(books.effects).toHaveLength(told);
    books.live('a', 'P@70 P@80 P@90');
    expect(only(books).state).toBe('closed');
    expect(books.effects).toHaveLength(told);

    books.live('a', 'F@100 F@110');
    expect(books.active()).toMatchObject([{ startedAt: at(100), previous: 'ID000000001' }]);
  });

  it('who closes it while it is broken is taken by their word until it has been well once', () => {
    const books = alone();
    close(books, 21, 'completed');
    expect(isHeld(only(books))).toBe(true);
    const told = books.effects.length;

    books.live('a', 'F@30 F@40');
    expect(books.active()).toEqual([]);
    books.live('a', WELL.replaceAll(/@(\d)/g, '@1$1'));
    expect(isHeld(only(books))).toBe(false);
    expect(books.effects).toHaveLength(told);

    books.live('a', 'F@200 F@210');
    expect(only(books).state).toBe('declared');
    expect(books.effects.slice(-2).map(({ kind }) => kind)).toEqual(['reopen-issue', 'comment']);
  });

  it('who opens it again while all is well keeps it open, until they close it', () => {
    const books = alone({}, `${DOWN} ${WELL}`);
    books.human({ incident: only(books).id, at: at(55), state: 'open' });

    books.live('a', 'P@60 P@70 P@80');
    expect(only(books)).toMatchObject({ state: 'mitigated', isKeptOpen: true });
    close(books, 85, 'completed');

    expect(only(books).state).toBe('resolved');
    expect(books.told('close-issue')).toHaveLength(1);
  });

  it('who opened it again is no longer waited for when it breaks again', () => {
    const books = alone({}, `${DOWN} ${WELL}`);
    books.human({ incident: only(books).id, at: at(55), state: 'open' });

    books.live('a', 'F@60 F@70 P@80 P@90 P@100');

    expect(only(books)).toMatchObject({ state: 'resolved', isKeptOpen: false });
  });

  it('who deletes the issue is not told any more, but other channels are', () => {
    const books = alone({ channels: ['webhook:team'] });
    books.human({ incident: only(books).id, at: at(21), gone: true });
    const told = books.effects.length;

    books.live('a', WELL);

    expect(only(books)).toMatchObject({ state: 'resolved', issueIsGone: true });
    expect(books.effects.slice(told)).toMatchObject([
      { kind: 'announce', notifier: 'webhook:team', what: 'resolved' },
    ]);
  });
});

describe('an issue that was deleted', () => {
  it('is not gone back to when the fault comes back: there is a new one', () => {
    const books = alone();
    books.human({ incident: only(books).id, at: at(21), gone: true });
    books.live('a', WELL);

    books.live('a', 'F@600 F@610');

    expect(books.active()).toMatchObject([{ startedAt: at(600), issueIsGone: false }]);
    expect(books.told('open-issue')).toHaveLength(2);
  });

  it('is not what a group is told in', () => {
    const books = new FleetBooks({ hubs: ['a', 'b', 'c', 'd'].map((name) => hub({ name })) });
    books.liveAll({ a: 'P@0 F@10 F@20 F@30', b: 'P@1 P@11 P@21', c: 'P@2 P@12 P@22', d: 'P@3 P@13 P@23' });
    books.openIssues();
    books.human({ incident: only(books).id, at: at(30.5), gone: true });

    books.liveAll({ b: 'F@31 F@41', c: 'F@32 F@42' });

    expect(books.active()).toMatchObject([{ scope: { kind: 'cluster' }, issueIsGone: false }]);
    expect(books.told('open-issue')).toHaveLength(2);
  });
});

describe('an incident of a whole cluster that goes on for long', () => {
  it('tells of a member that was well for hours and breaks again, and not of one that comes and goes', () => {
    const books = new FleetBooks({
      hubs: ['a', 'b', 'c', 'd'].map((name) => hub({ name })),
      channels: ['webhook:team'],
    });
    const down = 'cF@11.5 cF@13 F@20';
    books.liveAll({ a: `P@0 F@10 ${down}`, b: `P@0 F@10 ${down}`, c: 'P@4 P@14', d: 'P@4 P@14' });
    books.openIssues();
    const told = books.effects.length;
    books.liveAll({ a: 'F@30 F@40 F@50 F@60 F@70', b: 'P@31 P@41 P@51 F@61 F@71' });
    expect(books.kinds(only(books)).slice(-2)).toEqual(['left', 'joined']);
    expect(books.effects.slice(told).every(({ kind }) => kind === 'update-issue')).toBe(true);
    for (let minute = 80; minute < 300; minute += 10) {
      books.liveAll({ a: `F@${minute}`, b: `P@${minute + 1}` });
    }
    const before = books.effects.length;

    books.liveAll({ a: 'F@300 F@310', b: 'F@301 F@311' });

    const effects = books.effects.slice(before);
    expect(effects.map(({ kind }) => kind)).toEqual(['comment', 'update-issue', 'announce']);
    expect(effects[0]).toMatchObject({
      body: expect.stringMatching(/Broken again: users can't log in again on b, says \[run/),
    });
    expect(effects[2]).toMatchObject({ what: 'regressed', text: "users can't log in again on b" });

    const comments = books.told('comment').length;
    for (let minute = 320; minute < 1_400; minute += 10) {
      const letter = (minute - 320) % 110 < 90 ? 'P' : 'F';
      books.liveAll({ a: `F@${minute}`, b: `${letter}@${minute + 1}` });
    }
    expect(books.told('comment')).toHaveLength(comments);
  });

  it('tells once that it is back, however many follow', () => {
    const books = new FleetBooks({
      hubs: ['a', 'b', 'c', 'd'].map((name) => hub({ name })),
      criteria: { reopenWithinMs: 180 * 60_000 },
      channels: ['webhook:team'],
    });
    const names = ['a', 'b', 'c', 'd'];
    const all = (story: string) => Object.fromEntries(names.map((name) => [name, story]));
    books.liveAll(all('P@0 F@10 cF@11.5 cF@13 F@20'));
    books.openIssues();
    books.liveAll(all('P@30 P@40 P@50 P@60 P@70 P@80 P@90 P@100 P@110'));
    expect(only(books).state).toBe('resolved');
    const before = books.effects.length;

    books.liveAll({
      a: 'F@120 cF@121.5 cF@123',
      b: 'F@120 cF@121.5 cF@123',
      c: 'F@130 F@140',
      d: 'F@131 F@141',
    });

    const effects = books.effects.slice(before);
    expect(books.kinds(only(books)).slice(-3)).toEqual(['reopened', 'joined', 'joined']);
    expect(effects.filter(({ kind }) => kind === 'comment')).toMatchObject([
      { body: expect.stringContaining('It is back') },
    ]);
    expect(effects.filter(({ kind }) => kind === 'announce')).toMatchObject([{ what: 'reopened' }]);
  });

  it('does not swallow a hub that breaks hours later', () => {
    const books = new FleetBooks({ hubs: ['a', 'b', 'c', 'd'].map((name) => hub({ name })) });
    const down = 'cF@11.5 cF@13 F@20';
    books.liveAll({ a: `P@0 F@10 ${down}`, b: `P@0 F@10 ${down}`, c: 'P@4 P@14', d: 'P@4 P@14' });
    books.openIssues();
    for (let minute = 30; minute < 300; minute += 10) {
      books.liveAll({ a: `F@${minute}`, b: `P@${minute + 1}`, c: `P@${minute + 2}`, d: `P@${minute + 3}` });
    }

    books.liveAll({ a: 'F@300 F@310', c: 'F@302 F@312' });

    expect(books.active()).toMatchObject([
      { scope: { kind: 'cluster' } },
      { scope: { kind: 'hub', id: 'c' }, startedAt: at(302) },
    ]);
    expect(books.told('open-issue')).toHaveLength(2);
  });
});

describe('an issue that is closed before the repair was seen', () => {
  it('is opened again when the hub worked once and broke again', () => {
    const books = alone();
    close(books, 22, 'completed');

    books.live('a', 'P@30 F@40 F@50');

    expect(only(books)).toMatchObject({ state: 'declared' });
    expect(books.kinds(only(books)).slice(-1)).toEqual(['reopened']);
  });

  it('stays closed while the hub has not worked yet', () => {
    const books = alone();
    close(books, 22, 'completed');

    books.live('a', 'F@30 F@40 F@50');

    expect(isHeld(only(books))).toBe(true);
  });
});

describe('what a human muted of a whole cluster', () => {
  const muted = () => {
    const books = new FleetBooks({ hubs: ['a', 'b', 'c', 'd'].map((name) => hub({ name })) });
    const down = 'cF@11.5 cF@13 F@20';
    books.liveAll({ a: `P@0 F@10 ${down}`, b: `P@0 F@10 ${down}`, c: 'P@4 P@14', d: 'P@4 P@14' });
    books.openIssues();
    close(books, 21, 'not_planned');
    return books;
  };

  it('takes in silently a hub that breaks of the same fault', () => {
    const books = muted();
    books.live('c', 'F@24 cF@25 cF@27 F@34');
    books.look(35);
    expect(only(books).members.map((member) => member.hub)).toContain('c');
    expect(books.active()).toEqual([]);
  });

  it('does not hide a hub that breaks long after, while another was never well', () => {
    const books = muted();
    for (let minute = 30; minute < 300; minute += 10) {
      books.liveAll({ a: `F@${minute}`, b: `P@${minute + 1}`, c: `P@${minute + 2}`, d: `P@${minute + 3}` });
    }

    books.liveAll({ a: 'F@300 F@310', c: 'F@302 F@312' });

    expect(books.active()).toMatchObject([{ scope: { kind: 'hub', id: 'c' }, startedAt: at(302) }]);
  });
});

describe('flapping', () => {
  /** Broken, well, broken, well, broken: three times. */
  const FLAPPING = 'P@0 F@10 F@20 P@30 F@40 P@50 F@60';

  it('keeps one incident open and says so once', () => {
    const books = alone({}, FLAPPING);

    books.live('a', 'P@70 F@80 P@90 F@100 P@110 F@120 P@130 P@140 P@150 P@160 P@170');

    expect(only(books)).toMatchObject({ state: 'mitigated', isFlapping: true });
    expect(books.told('comment')).toMatchObject([
      { body: expect.stringContaining('🔴 Broken again') },
      { body: expect.stringContaining('🟠 Flapping') },
    ]);
    expect(
      books.effects.flatMap((effect) => (effect.kind === 'update-issue' ? (effect.addLabels ?? []) : [])),
    ).toEqual(['flapping']);
  });

  it('is over when it has been well for long enough', () => {
    const books = alone({}, `${FLAPPING} P@70 P@80 P@90`);

    books.live('a', Array.from({ length: 24 }, (_, index) => `P@${100 + index * 10}`).join(' '));

    expect(only(books)).toMatchObject({ state: 'resolved', isFlapping: false, recoveredAt: at(70) });
    expect(books.kinds(only(books)).slice(-2)).toEqual(['steady', 'resolved']);
    expect(books.effects.slice(-3)).toMatchObject([
      { kind: 'comment', body: expect.stringContaining('🟢 Well again') },
      { kind: 'update-issue', removeLabels: ['flapping'] },
      { kind: 'close-issue' },
    ]);
  });

  it('counts what was resolved and came back', () => {
    const books = alone({}, `${DOWN} ${WELL} F@60 F@70 P@80 P@90 P@100 F@110 F@120`);

    expect(only(books)).toMatchObject({ state: 'declared', isFlapping: true });
    expect(books.effects.slice(-3).map(({ kind }) => kind)).toEqual([
      'reopen-issue',
      'comment',
      'update-issue',
    ]);
  });

  it('is not what happened long ago', () => {
    const criteria = { flapping: { cycles: 3, withinMs: 30 * 60_000, steadyForMs: 60_000 } };

    expect(only(alone({ criteria }, FLAPPING)).isFlapping).toBe(false);
  });
});

describe('nearly all hubs at once', () => {
  const names = ['a', 'b', 'c'];
  const down = { a: 'P@0 F@10 cF@11.5 cF@13', b: 'P@1 F@11 cF@12.5 cF@14', c: 'P@2 F@12 cF@13.5 cF@15' };
  const fleet = (canary: boolean) =>
    new FleetBooks({
      hubs: [
        ...names.map((name) => hub({ name, cluster: null })),
        ...(canary ? [hub({ name: 'known-good', cluster: null, canary: true })] : []),
      ],
    });

  it('are one incident of the fleet when we can reach the world', () => {
    const books = fleet(false);
    books.reachable = true;

    books.liveAll(down);

    expect(books.incidents()).toMatchObject([
      { scope: { kind: 'fleet' }, members: [{ hub: 'a' }, { hub: 'b' }, { hub: 'c' }] },
    ]);
    expect(books.logs.get('ID000000001')?.[0]?.because).toContain(
      'can be reached from here: the fault is not ours',
    );
  });

  it('are our own fault when we cannot: nothing is declared, an alarm is raised', () => {
    const books = fleet(false);
    books.reachable = false;

    books.liveAll(down);

    expect(books.incidents()).toEqual([]);
    expect(books.last?.suspicions).toMatchObject([{ whose: 'ours', failing: 3, known: 3 }]);
  });

  it('are declared when there is nothing to check with, saying so', () => {
    const books = fleet(false);

    books.liveAll(down);

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'fleet' } }]);
    expect(books.logs.get('ID000000001')?.[0]?.because).toContain('there is nothing to check with');
  });

  it('are declared as soon as we can be sure of ourselves', () => {
    const books = fleet(false);
    books.reachable = false;
    books.liveAll(down);

    books.reachable = true;
    books.look(16);

    expect(books.incidents()).toMatchObject([
      { scope: { kind: 'fleet' }, startedAt: at(10), declaredAt: at(16) },
    ]);
  });

  it.each([
    ['is well', 'P@3 P@12.2', 1, 'theirs'],
    ['fails too', 'P@3 F@12.2', 0, 'ours'],
  ])('are judged by a canary hub: it %s', (_, canary, incidents, whose) => {
    const books = fleet(true);

    books.liveAll({ ...down, 'known-good': canary });

    expect(books.incidents()).toHaveLength(incidents);
    expect(books.last?.suspicions).toMatchObject([{ whose }]);
  });

  it('wait for the canary hub to answer, but not for ever', () => {
    const books = fleet(true);

    books.liveAll({ ...down, c: 'P@2 F@12 cF@13.5', 'known-good': 'P@3' });

    expect(books.incidents()).toEqual([]);
    expect(books.last).toMatchObject({
      suspicions: [{ whose: 'waiting', ask: ['known-good'] }],
      lookAgainAt: at(15.5),
    });
    books.look(15.5);
    expect(books.incidents()).toHaveLength(1);
    expect(books.last?.suspicions).toMatchObject([{ whose: 'unchecked', ask: [] }]);
  });
});

describe('a hub that is no longer watched', () => {
  it('does not keep its incident open, which says so', () => {
    const books = alone();

    books.hubs.pop();
    books.look(30);

    expect(only(books).state).toBe('resolved');
    expect(books.told('comment')).toMatchObject([
      { body: expect.stringContaining('⚪ a is no longer watched') },
    ]);
  });

  it.each<[what: string, change: (books: FleetBooks) => unknown]>([
    ['its hub was taken out', (books) => books.hubs.pop()],
    ['its criterion was', (books) => books.hubs.splice(0, 1, hub({ name: 'a', probes: ['server'] }))],
  ])('is not said to be well when %s of the configuration', (_, change) => {
    const books = alone({ channels: ['webhook:team'] });

    change(books);
    books.look(30);

    const told = JSON.stringify(books.effects.slice(-3));
    expect(told).toContain('no longer watched');
    expect(told).not.toMatch(/can log in again|Well|🟢|"down"/);
    expect(books.effects.at(-1)).toMatchObject({ title: '⚪ a: no longer watched' });
  });

  it('is named beside those that are well', () => {
    const books = new FleetBooks({ hubs: ['a', 'b'].map((name) => hub({ name })) });
    books.liveAll({ a: 'P@0 F@10 cF@11.5 cF@13 F@20', b: 'P@1 F@11 cF@12.5 cF@14 F@21' });
    books.openIssues();

    books.hubs.pop();
    books.liveAll({ a: 'P@30 P@40 P@50' });

    expect(only(books).state).toBe('resolved');
    const log = books.logs.get(only(books).id) ?? [];
    expect(log.map(({ because }) => because)).toContain(
      'users can log in again on a; b is no longer watched',
    );
    expect(log.at(-1)?.because).toBe(
      'users can log in on a since 2026-03-01 10:30 UTC; b is no longer watched',
    );
    expect(books.told('close-issue')).toMatchObject([
      { blocks: { hubs: expect.stringMatching(/^1 hub is well again, 1 no longer watched:/) } },
    ]);
  });
});
