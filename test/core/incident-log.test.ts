import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Incident, IncidentEvent, IncidentEventData, Member } from '../../src/core/incident.ts';
import { applyEvent, replay } from '../../src/core/incident-log.ts';

const MEMBER: Member = {
  hub: 'staging',
  since: '2026-03-01T10:00:00.000Z',
  joinedAt: '2026-03-01T10:01:00.000Z',
  firstRun: 'run-1',
  lastFailedRun: 'run-3',
  wellSince: null,
};
const DECLARED: IncidentEventData = {
  run: 'run-1',
  lastFailedRun: 'run-3',
  scope: { kind: 'hub', id: 'staging' },
  criterion: 'server',
  severity: 'high',
  startedAt: '2026-03-01T10:00:00.000Z',
  members: [MEMBER],
};
const { run: _, ...WITHOUT_RUN } = DECLARED;
const ISSUE = { number: 7, url: 'https://github.example.org/o/r/issues/7' };

function event(kind: IncidentEvent['kind'], revision: number, data: IncidentEventData = {}): IncidentEvent {
  const at = new Date(Date.UTC(2026, 2, 1, 10, revision)).toISOString();
  return { incident: 'incident-1', revision, at, kind, because: 'a test says so', data };
}

function open(): Incident {
  return applyEvent(null, event('declared', 1, DECLARED));
}

describe('applyEvent', () => {
  it('declares with all that the event says', () => {
    expect(open()).toEqual({
      id: 'incident-1',
      scope: { kind: 'hub', id: 'staging' },
      criterion: 'server',
      severity: 'high',
      state: 'declared',
      startedAt: '2026-03-01T10:00:00.000Z',
      declaredAt: '2026-03-01T10:01:00.000Z',
      acknowledgedAt: null,
      assignees: [],
      recoveredAt: null,
      resolvedAt: null,
      closedAt: null,
      revision: 1,
      issue: null,
      issueIsGone: false,
      firstRun: 'run-1',
      lastFailedRun: 'run-3',
      members: [MEMBER],
      membersChangedAt: '2026-03-01T10:01:00.000Z',
      brokeAt: ['2026-03-01T10:01:00.000Z'],
      isFlapping: false,
      isKeptOpen: false,
      previous: null,
      mergedInto: null,
    });
  });

  it('goes from open over recovering and a relapse to resolved', () => {
    const log = [
      event('declared', 1, DECLARED),
      event('issue-opened', 2, { issue: ISSUE }),
      event('mitigated', 3, { run: 'run-4', startedAt: '2026-03-01T10:02:30.000Z' }),
      event('regressed', 4, { run: 'run-5' }),
      event('mitigated', 5),
      event('resolved', 6),
    ];

    const states = log.map((_, count) => replay(log.slice(0, count + 1)));

    expect(states.map((incident) => incident?.state)).toEqual([
      'declared',
      'declared',
      'mitigated',
      'declared',
      'mitigated',
      'resolved',
    ]);
    expect(states[2]).toMatchObject({ issue: ISSUE, recoveredAt: '2026-03-01T10:02:30.000Z' });
    expect(states[3]).toMatchObject({ recoveredAt: null, lastFailedRun: 'run-5' });
    expect(states[5]).toMatchObject({ recoveredAt: log[4]?.at, resolvedAt: log[5]?.at, revision: 6 });
  });

  it('learns of its issue after it was resolved, when the delivery was late', () => {
    const log = [event('declared', 1, DECLARED), event('mitigated', 2), event('resolved', 3)];

    const incident = replay([...log, event('issue-opened', 4, { issue: ISSUE })]);

    expect(incident).toMatchObject({ state: 'resolved', issue: ISSUE });
  });

  it.each<[why: string, before: readonly IncidentEvent[], next: IncidentEvent, message: RegExp]>([
    [
      'a log that does not begin with a declaration',
      [],
      event('mitigated', 1),
      /has to begin with "declared"/,
    ],
    ['a declaration at another revision', [], event('declared', 2, DECLARED), /at revision 1/],
    ['a declaration without its run', [], event('declared', 1, WITHOUT_RUN), /its run/],
    ['a second declaration', [event('declared', 1, DECLARED)], event('declared', 2, DECLARED), /is declared/],
    ['a gap in the log', [event('declared', 1, DECLARED)], event('mitigated', 3), /does not follow/],
    [
      'an event seen twice',
      [event('declared', 1, DECLARED)],
      event('declared', 1, DECLARED),
      /does not follow/,
    ],
    [
      'a relapse of what never got better',
      [event('declared', 1, DECLARED)],
      event('regressed', 2),
      /is declared/,
    ],
    ['an end without recovery', [event('declared', 1, DECLARED)], event('resolved', 2), /is declared/],
    [
      'a relapse after the end',
      [event('declared', 1, DECLARED), event('mitigated', 2), event('resolved', 3)],
      event('regressed', 4),
      /is resolved/,
    ],
    [
      'a second issue',
      [event('declared', 1, DECLARED), event('issue-opened', 2, { issue: ISSUE })],
      event('issue-opened', 3, { issue: ISSUE }),
      /cannot happen/,
    ],
    [
      'an event of another incident',
      [event('declared', 1, DECLARED)],
      { ...event('mitigated', 2), incident: 'incident-2' },
      /incident-2 cannot be applied to incident incident-1/,
    ],
  ])('refuses %s', (_, before, next, message) => {
    expect(() => replay([...before, next])).toThrow(message);
  });

  it('gives the same row however the log is cut, for every log that it takes', () => {
    const kinds = fc.array(
      fc.constantFrom<IncidentEvent['kind']>('issue-opened', 'mitigated', 'regressed', 'resolved'),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(kinds, fc.nat(), (wanted, cut) => {
        let row = open();
        const log = [event('declared', 1, DECLARED)];
        for (const kind of wanted) {
          const next = event(kind, row.revision + 1, kind === 'issue-opened' ? { issue: ISSUE } : {});
          const after = attempt(() => applyEvent(row, next));
          if (after === null) continue;
          row = after;
          log.push(next);
        }

        const at = cut % (log.length + 1);
        const continued = log.slice(at).reduce<Incident | null>(applyEvent, replay(log.slice(0, at)));

        expect(continued).toEqual(row);
        expect(row.revision).toBe(log.length);
        expect(row.state === 'resolved').toBe(row.resolvedAt !== null);
        expect(row.state !== 'mitigated' && row.state !== 'resolved').toBe(row.recoveredAt === null);
      }),
    );
  });
});

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
