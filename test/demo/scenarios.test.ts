import { describe, expect, it } from 'vitest';
import { Unexpected } from './scenarios/expect.ts';
import { SCENARIOS } from './scenarios/index.ts';
import type { End } from './scenarios/scenario.ts';

type Issue = End['issues'][number];
type Incident = End['incidents'][number];

const HUBS = Array.from({ length: 20 }, (_, index) => `hub-${String(index + 1).padStart(2, '0')}`);

function issue(number: number, changes: Partial<Issue> = {}): Issue {
  return {
    number,
    title: "[Incident] demo: users can't log in",
    body: HUBS.join(' '),
    state: 'closed',
    state_reason: 'completed',
    comments: [comment('🟢 Well again')],
    ...changes,
  };
}

function comment(body: string): Issue['comments'][number] {
  return { id: 1, author: 'hubcanary', body, created_at: '', updated_at: '' };
}

function incident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'FIRST',
    scope: { kind: 'hub', id: 'demo' },
    criterion: 'login',
    state: 'resolved',
    isFlapping: false,
    issue: { number: 1, url: '' },
    members: [],
    previous: null,
    ...changes,
  };
}

/** How each scenario has to end. */
const GOOD: Readonly<Record<string, End>> = {
  'one-hub': {
    issues: [issue(1, { title: "[Incident] demo: users can't start a server" })],
    incidents: [incident()],
    received: [],
  },
  flapping: {
    issues: [issue(1, { comments: [comment('🟠 Flapping: users')] })],
    incidents: [incident()],
    received: [],
  },
  'cluster-outage': {
    issues: [issue(1, { title: "[Incident] cluster north: users can't log in" })],
    incidents: [incident()],
    received: [],
  },
  'github-down': {
    issues: [issue(1)],
    incidents: [incident()],
    received: [{ body: "users can't log in" }, { body: 'users can log in again' }],
  },
  sigkill: { issues: [issue(1)], incidents: [incident()], received: [] },
  'not-planned': {
    issues: [issue(1, { state_reason: 'not_planned' }), issue(2)],
    incidents: [incident({ id: 'SECOND', previous: 'FIRST' }), incident({ state: 'closed' })],
    received: [],
  },
};

/** What would be wrong with any of them. */
const WRONG: readonly (readonly [what: string, (end: End) => End])[] = [
  ['without an issue', (end) => ({ ...end, issues: [] })],
  ['with an issue more', (end) => ({ ...end, issues: [...end.issues, issue(9)] })],
  [
    'with an issue that is still open',
    (end) => ({ ...end, issues: end.issues.map((one) => ({ ...one, state: 'open', state_reason: null })) }),
  ],
  [
    'with a comment that is there twice',
    (end) => ({
      ...end,
      issues: end.issues.map((one) => ({ ...one, comments: [...one.comments, ...one.comments] })),
    }),
  ],
  ['with an incident more', (end) => ({ ...end, incidents: [...end.incidents, incident()] })],
  [
    'with an incident that is not over',
    (end) => ({ ...end, incidents: end.incidents.map((one) => ({ ...one, state: 'declared' })) }),
  ],
];

describe('the check of scenario', () => {
  const all = [...SCENARIOS].map(([name, { check }]) => ({ name, check, good: GOOD[name] }));
  const cases = all.flatMap((scenario) => WRONG.map(([what, spoil]) => ({ ...scenario, what, spoil })));

  it.each(all)('$name accepts how it has to end', ({ check, good }) => {
    expect(good).toBeDefined();
    expect(() => good && check(good)).not.toThrow();
  });

  it.each(cases)('$name refuses an end $what', ({ check, good, spoil }) => {
    expect(() => good && check(spoil(good))).toThrow(Unexpected);
  });

  it.each<[name: string, what: string, spoil: (end: End) => End]>([
    [
      'cluster-outage',
      'with a fourth comment',
      (end) => ({
        ...end,
        issues: [issue(1, { ...end.issues[0], comments: ['a', 'b', 'c', 'd'].map(comment) })],
      }),
    ],
    [
      'cluster-outage',
      'with a hub that is not named',
      (end) => ({ ...end, issues: [issue(1, { ...end.issues[0], body: HUBS.slice(1).join(' ') })] }),
    ],
    ['flapping', 'of which nobody was told', (end) => ({ ...end, issues: [issue(1, { comments: [] })] })],
    ['github-down', 'told out of order', (end) => ({ ...end, received: end.received.toReversed() })],
    [
      'not-planned',
      'whose second incident knows nothing of the first',
      (end) => ({ ...end, incidents: end.incidents.map((one) => ({ ...one, previous: null })) }),
    ],
  ])('%s refuses an end %s', (name, _, spoil) => {
    const good = GOOD[name];

    expect(() => good && SCENARIOS.get(name)?.check(spoil(good))).toThrow(Unexpected);
  });
});
