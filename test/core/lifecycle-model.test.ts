import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Incident, type IncidentEvent, isActive, isHeld } from '../../src/core/incident.ts';
import { FleetBooks } from './fleet-books.ts';
import { CRITERIA_IN_TESTS, at, history } from './history.ts';
import { hub } from './hub.ts';

/** Two clusters and a hub by itself. */
const HUBS = [
  hub({ name: 'a', cluster: 'one' }),
  hub({ name: 'b', cluster: 'one' }),
  hub({ name: 'c', cluster: 'one' }),
  hub({ name: 'd', cluster: 'two' }),
  hub({ name: 'e', cluster: 'two', tier: 'staging' }),
  hub({ name: 'f', cluster: null }),
];
const MINUTE = 60_000;
const CRITERIA = {
  ...CRITERIA_IN_TESTS,
  reopenWithinMs: 90 * MINUTE,
  flapping: { cycles: 3, withinMs: 240 * MINUTE, steadyForMs: 40 * MINUTE },
};
/** The longest that a broken hub may be without an incident: others are waited for, and those who join gathered. */
const PATIENCE_MS = CRITERIA.group.waitMs + MINUTE;

const which = fc.nat({ max: HUBS.length - 1 });
const gap = fc.integer({ min: 1, max: 8 });
/** What may happen, each so many minutes after the one before. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('run'),
      which,
      gap,
      token: fc.constantFrom('F', 'F', 'cF', 'P', 'cP', 'E', 'A'),
    }),
  },
  /** A whole cluster goes down or comes back, its hubs one after the other. */
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cluster'),
      name: fc.constantFrom('one', 'two'),
      gap,
      token: fc.constantFrom('F F', 'P P P', 'P F'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time'), gap: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('human'),
      gap,
      which: fc.nat(),
      act: fc.constantFrom('take', 'leave', 'not_planned', 'completed', 'open', 'delete'),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

interface Life {
  readonly books: FleetBooks;
  minute: number;
}

function happen(life: Life, what: Happening): void {
  life.minute += what.gap;
  switch (what.kind) {
    case 'run':
      return run(life, HUBS[what.which]?.name ?? 'a', what.token);
    case 'cluster':
      for (const token of what.token.split(' ')) {
        for (const { name } of HUBS.filter(({ cluster }) => cluster === what.name)) run(life, name, token);
        life.minute += 8;
      }
      return;
    case 'time':
      return life.books.look(life.minute);
    default:
      return act(life, what.which, what.act);
  }
}

function run(life: Life, name: string, token: string): void {
  for (const each of history(`${token}@${life.minute}`, 'login', name)) life.books.take(each);
  life.minute += 1;
}

function act({ books, minute }: Life, choice: number, what: string): void {
  books.openIssues();
  const seen = books.incidents().filter(({ issueIsGone }) => !issueIsGone);
  const incident = seen[choice % Math.max(1, seen.length)];
  if (incident === undefined) return;
  const look = { incident: incident.id, at: at(minute) };
  if (what === 'take') return books.human({ ...look, assignees: ['ada'] });
  if (what === 'leave') return books.human({ ...look, assignees: [] });
  if (what === 'open') return books.human({ ...look, state: 'open' });
  if (what === 'delete') return books.human({ ...look, gone: true });
  return books.human({ ...look, state: 'closed', stateReason: what });
}

function verdictOf(books: FleetBooks, name: string) {
  return books.verdicts.find(({ hub: of, criterion }) => of === name && criterion === 'login');
}

function coverOf(books: FleetBooks, name: string): readonly Incident[] {
  return books
    .incidents()
    .filter(
      (incident) =>
        (isActive(incident) || incident.state === 'dismissed' || isHeld(incident)) &&
        incident.criterion === 'login' &&
        incident.members.some((member) => member.hub === name && member.wellSince === null),
    );
}

/** No fault is lost and none is looked after twice. */
function coverHolds(books: FleetBooks, now: number): void {
  for (const { name } of HUBS) {
    const cover = coverOf(books, name);
    expect(cover.length).toBeLessThanOrEqual(1);
    const verdict = verdictOf(books, name);
    if (verdict?.verdict !== 'broken' || cover.length === 1) continue;
    const waitedMs = now - Date.parse(verdict.failure?.firstEndedAt ?? verdict.since);
    const brokenMs = now - Date.parse(verdict.toldAt ?? verdict.since);
    expect({ name, lost: waitedMs > PATIENCE_MS && brokenMs > PATIENCE_MS }).toEqual({ name, lost: false });
  }
}

function oneForEachScopeHolds(books: FleetBooks): void {
  const keys = books
    .incidents()
    .filter((incident) => isActive(incident) || incident.state === 'dismissed')
    .map(({ scope, criterion }) => `${scope.kind} ${scope.id} ${criterion}`);
  expect(new Set(keys).size).toBe(keys.length);
}

/** What its own log says must not happen, by a reading of it that knows nothing of the code. */
function logHolds(log: readonly IncidentEvent[]): void {
  let isOpen = true;
  let isOver = false;
  for (const [index, { kind, revision }] of log.entries()) {
    expect(revision).toBe(index + 1);
    expect(kind === 'declared').toBe(index === 0);
    if (!kind.startsWith('issue-')) expect(isOver).toBe(false);
    if (kind === 'resolved') expect(isOpen).toBe(true);
    if (kind === 'reopened' || kind === 'reopened-by-human') expect(isOpen).toBe(false);
    if (['resolved', 'dismissed', 'closed-by-human'].includes(kind)) isOpen = false;
    if (['reopened', 'reopened-by-human'].includes(kind)) isOpen = true;
    if (['closed', 'merged'].includes(kind)) isOver = true;
  }
}

/** Told once, in order, beginning with the issue; few words; nothing against a human's decision. */
function tellingHolds(books: FleetBooks): void {
  const keys = books.effects.map(
    ({ incident, revision, kind, notifier }) => `${incident} ${revision} ${kind} ${notifier}`,
  );
  expect(new Set(keys).size).toBe(keys.length);
  for (const incident of books.incidents()) {
    const told = books.effects.filter((effect) => effect.incident === incident.id);
    expect(told.filter(({ kind }) => kind === 'open-issue')).toHaveLength(1);
    expect(told[0]?.kind).toBe('open-issue');
    expect(told.map(({ revision }) => revision)).toEqual(
      told.map(({ revision }) => revision).toSorted((x, y) => x - y),
    );
    const kinds = books.kinds(incident);
    const closings = told.filter(({ kind }) => kind === 'close-issue').length;
    expect(closings).toBeLessThanOrEqual(
      kinds.filter((kind) => kind === 'resolved' || kind === 'merged').length,
    );
    const news = ['widened', 'regressed', 'reopened', 'flapping', 'resolved', 'merged'];
    expect(told.filter(({ kind }) => kind === 'comment').length).toBeLessThanOrEqual(
      kinds.filter((kind) => news.includes(kind)).length + lateReturns(books.logs.get(incident.id) ?? []),
    );
    silentWhileFlappingHolds(books.logs.get(incident.id) ?? [], told);
  }
}

/** How often a hub joined that had been well for an hour of an incident that went on. */
function lateReturns(log: readonly IncidentEvent[]): number {
  const wellSince = new Map<string, string | null>();
  let brokeAt = '';
  let late = 0;
  for (const { kind, at: moment, data } of log) {
    const returns = (data.members ?? []).some(({ hub: name, since }) => {
      const well = wellSince.get(name) ?? null;
      return well !== null && Date.parse(since) - Date.parse(well > brokeAt ? well : brokeAt) > 60 * MINUTE;
    });
    if (kind === 'joined' && returns) late += 1;
    for (const member of data.members ?? []) wellSince.set(member.hub, member.wellSince);
    if (['declared', 'regressed', 'reopened'].includes(kind)) brokeAt = moment;
  }
  return late;
}

function silentWhileFlappingHolds(
  log: readonly IncidentEvent[],
  told: readonly { readonly kind: string; readonly revision: number }[],
): void {
  for (const { revision } of log.filter(({ kind }) => kind === 'regressed')) {
    const before = log
      .slice(0, revision - 1)
      .findLast(({ kind }) => ['flapping', 'steady', 'closed-by-human'].includes(kind));
    const together = log.filter((event) => event.at === log[revision - 1]?.at).map(({ kind }) => kind);
    if (before?.kind !== 'flapping' || together.some((kind) => kind === 'widened' || kind === 'flapping'))
      continue;
    expect(told.some((effect) => effect.kind === 'comment' && effect.revision === revision)).toBe(false);
  }
}

/** Only what is well is resolved by us. */
function resolvedWhenWellHolds(books: FleetBooks, before: ReadonlyMap<string, Incident>): void {
  for (const incident of books.incidents()) {
    const was = before.get(incident.id);
    const isNew = incident.state === 'resolved' && was !== undefined && was.state !== 'resolved';
    if (!isNew || books.kinds(incident).at(-1) !== 'resolved') continue;
    for (const { hub: name } of incident.members) expect(verdictOf(books, name)?.verdict).toBe('healthy');
  }
}

describe('whatever happens to several hubs', () => {
  it('every fault is looked after once, told in order with few words, and over only when well', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const life: Life = {
          books: new FleetBooks({ hubs: HUBS, criteria: CRITERIA, channels: ['webhook:team'] }),
          minute: 0,
        };
        for (const what of happenings) {
          const before = new Map(life.books.rows);
          happen(life, what);
          const now = Date.parse(at(life.minute));
          oneForEachScopeHolds(life.books);
          resolvedWhenWellHolds(life.books, before);
          life.books.look(life.minute);
          coverHolds(life.books, now);
        }
        for (const log of life.books.logs.values()) logHolds(log);
        tellingHolds(life.books);
      }),
      { numRuns: 150 },
    );
  });

  it('ends well when all hubs are, but for what a human keeps open', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
        const life: Life = { books: new FleetBooks({ hubs: HUBS, criteria: CRITERIA }), minute: 0 };
        for (const what of happenings) happen(life, what);
        for (let round = 0; round < 7; round += 1) {
          for (const { name } of HUBS) run(life, name, 'P');
          life.minute += 4;
        }
        life.books.look(life.minute);

        expect(life.books.active().filter(({ isKeptOpen }) => !isKeptOpen)).toEqual([]);
        expect(life.books.incidents().filter(({ state }) => state === 'dismissed')).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});
