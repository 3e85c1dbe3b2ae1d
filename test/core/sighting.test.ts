import { describe, expect, it } from 'vitest';
import { type Incident, isHeld } from '../../src/core/incident.ts';
import { type IssueSighting, actsAmong, actsOf } from '../../src/core/sighting.ts';
import { aMember, anIncident } from '../build/incident.ts';

const ISSUE = { number: 7, url: 'https://github.example.org/o/r/issues/7' };
const WELL = [aMember({ wellSince: '2026-11-24T09:30:00.000Z' })];

function open(changes: Partial<Incident> = {}): Incident {
  return anIncident({ issue: ISSUE, revision: 2, ...changes });
}

function seen(changes: Partial<IssueSighting> = {}): IssueSighting {
  return {
    incident: 'any',
    ...ISSUE,
    state: 'open',
    stateReason: null,
    assignees: [],
    locked: false,
    gone: false,
    at: '2026-11-24T10:00:00.000Z',
    ...changes,
  };
}

describe('what humans did on the issue', () => {
  it.each<
    [what: string, incident: Incident, sighting: IssueSighting, kinds: readonly string[], state: string]
  >([
    ['nothing', open(), seen(), [], 'declared'],
    ['somebody took it', open(), seen({ assignees: ['ada'] }), ['acknowledged'], 'acknowledged'],
    [
      'somebody took it who has it already',
      open({ state: 'acknowledged', assignees: ['ada', 'bo'] }),
      seen({ assignees: ['bo', 'ada'] }),
      [],
      'acknowledged',
    ],
    [
      'it was handed over',
      open({ state: 'acknowledged', assignees: ['ada'] }),
      seen({ assignees: ['bo'] }),
      ['acknowledged'],
      'acknowledged',
    ],
    [
      'it was given back',
      open({ state: 'acknowledged', assignees: ['ada'] }),
      seen(),
      ['unacknowledged'],
      'declared',
    ],
    ['closed', open(), seen({ state: 'closed' }), ['closed-by-human'], 'resolved'],
    [
      'taken and closed',
      open(),
      seen({ state: 'closed', stateReason: 'completed', assignees: ['ada'] }),
      ['acknowledged', 'closed-by-human'],
      'resolved',
    ],
    [
      'closed as not planned',
      open(),
      seen({ state: 'closed', stateReason: 'not_planned' }),
      ['dismissed'],
      'dismissed',
    ],
    [
      'closed as a duplicate',
      open(),
      seen({ state: 'closed', stateReason: 'duplicate' }),
      ['dismissed'],
      'dismissed',
    ],
    ['closed what is resolved', open({ state: 'resolved' }), seen({ state: 'closed' }), [], 'resolved'],
    [
      'opened what is well',
      open({ state: 'resolved', members: WELL, recoveredAt: '2026-11-24T09:30:00.000Z' }),
      seen(),
      ['reopened-by-human'],
      'mitigated',
    ],
    ['opened what is broken', open({ state: 'resolved' }), seen(), ['reopened-by-human'], 'declared'],
    ['opened what was dismissed', open({ state: 'dismissed' }), seen(), ['reopened-by-human'], 'declared'],
    ['opened what is over for good', open({ state: 'closed' }), seen(), [], 'closed'],
    ['opened what was merged', open({ state: 'merged' }), seen(), [], 'merged'],
    ['moved it', open(), seen({ number: 9, url: 'https://x/9' }), ['issue-moved'], 'declared'],
    ['deleted it', open(), seen({ gone: true, state: 'closed' }), ['issue-gone'], 'declared'],
    ['deleted it long ago', open({ issueIsGone: true }), seen({ gone: true }), [], 'declared'],
    ['no issue yet', open({ issue: null }), seen({ state: 'closed' }), [], 'declared'],
  ])('%s', (_, incident, sighting, kinds, state) => {
    const change = actsOf(incident, sighting, false);

    expect(change.added.map(({ kind }) => kind)).toEqual(kinds);
    expect(change.incident.state).toBe(state);
    expect(change.incident.revision).toBe(incident.revision + kinds.length);
  });

  it('holds what was closed while it was broken, and not what was well', () => {
    const closed = seen({ state: 'closed', stateReason: 'completed' });

    const broken = actsOf(open(), closed, false).incident;
    const well = actsOf(
      open({ state: 'mitigated', recoveredAt: '2026-11-24T09:30:00.000Z' }),
      closed,
      false,
    ).incident;

    expect(isHeld(broken)).toBe(true);
    expect(isHeld(well)).toBe(false);
    expect(well.members).toEqual(WELL);
  });

  it('leaves what a human opened while it was well for them to close', () => {
    const opened = actsOf(open({ state: 'resolved', members: WELL }), seen(), false).incident;

    expect(opened).toMatchObject({ isKeptOpen: true, resolvedAt: null });
  });

  it('lets no name out of its place', () => {
    const [event] = actsOf(open(), seen({ assignees: ['@all <!-- x -->'] }), false).added;

    expect(event?.because).toBe('assigned to all -- x -- on GitHub');
  });

  it('leaves what was opened again beside another of the same fault, and tells the rest', () => {
    const over = open({ id: 'over', state: 'resolved', members: WELL });
    const other = open({ id: 'other', issue: { number: 8, url: 'https://x/8' } });
    const taken = seen({ number: 8, url: 'https://x/8', assignees: ['ada'] });

    const changes = actsAmong(
      [over, other],
      [
        { incident: over, sighting: seen() },
        { incident: other, sighting: taken },
      ],
    );

    expect(changes.map(({ incident: { id, state } }) => [id, state])).toEqual([['other', 'acknowledged']]);
  });

  it('opens one of two of the same fault that are opened again at once', () => {
    const [one, two] = [open({ id: 'one', state: 'resolved' }), open({ id: 'two', state: 'resolved' })];

    const changes = actsAmong(
      [one, two],
      [one, two].map((incident) => ({ incident, sighting: seen() })),
    );

    expect(changes.map(({ incident: { id } }) => id)).toEqual(['one']);
  });
});
