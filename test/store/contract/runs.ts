import { expect, it } from 'vitest';
import type { Run } from '../../../src/core/run.ts';
import type { BegunRun } from '../../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../../build/incident.ts';
import { aFailedRun, aRun } from '../../build/run.ts';
import { type Open, NOW, aCommitOf, eachStore, later, nothing } from './fixture.ts';

function begunOf({ id, hub, trigger, attempt, account, startedAt }: Run): BegunRun {
  return { id, hub, trigger, attempt, account, startedAt, criteria: ['login'] };
}

export function runsContract(open: Open): void {
  const at = eachStore(open);

  it('come back as they went in, newest first, after a restart too', async () => {
    const older = aRun({ startedAt: '2026-11-24T08:00:00.000Z' });
    const newer = aFailedRun('server', 'spawn-failed', {
      slow: [{ step: 's', seconds: 2, limitSeconds: 1 }],
      cleanup: {
        status: 'leaked',
        left: [{ kind: 'server', id: 'a', why: 'it did not stop' }],
        removed: [{ kind: 'token', id: 'b' }],
        seconds: null,
      },
      evidence: [{ kind: 'screenshot', file: 'page.png' }],
      hubVersion: null,
    });
    await at.store.commit({ ...nothing, run: older });
    await at.store.commit({ ...nothing, run: newer });

    await at.reopen();

    expect(await at.store.recentRuns('staging', 10)).toEqual([newer, older]);
    expect(await at.store.recentRuns('staging', 1)).toEqual([newer]);
    expect(await at.store.recentRuns('other', 1)).toEqual([]);
    expect(await at.store.run(older.id)).toEqual(older);
    expect(await at.store.run('nobody')).toBeNull();
  });

  it('are found by hub, outcome, failed criterion and what came before', async () => {
    const passed = aRun({ startedAt: '2026-11-24T08:00:00.000Z' });
    const failed = aFailedRun('server', 'spawn-failed', { startedAt: '2026-11-24T09:00:00.000Z' });
    const other = aRun({ hub: 'other', startedAt: '2026-11-24T09:30:00.000Z' });
    for (const run of [passed, failed, other]) await at.store.commit({ ...nothing, run });

    expect(await at.store.runs({ limit: 9 })).toEqual([other, failed, passed]);
    expect(await at.store.runs({ hub: 'other', limit: 9 })).toEqual([other]);
    expect(await at.store.runs({ outcome: 'failed', limit: 9 })).toEqual([failed]);
    expect(await at.store.runs({ criterion: 'server', limit: 9 })).toEqual([failed]);
    expect(await at.store.runs({ criterion: 'login', limit: 9 })).toEqual([]);
    expect(await at.store.runs({ before: failed.id, limit: 9 })).toEqual([passed]);
    expect(await at.store.runs({ hub: 'staging', outcome: 'passed', limit: 1 })).toEqual([passed]);
  });

  it('are recorded once: the second commit of a run changes nothing at all', async () => {
    const run = aRun();
    const incident = anIncident();

    expect(await at.store.commit({ ...nothing, run })).toBe(true);
    expect(await at.store.commit(aCommitOf(incident, { run: { ...run, hub: 'other' } }))).toBe(false);

    expect(await at.store.incident(incident.id)).toBeNull();
    expect(await at.store.run(run.id)).toEqual(run);
  });

  it('are recorded whole when many end at the same moment', async () => {
    const runs = Array.from({ length: 40 }, (_, number) => aRun({ hub: `hub-${number % 4}` }));

    const committed = await Promise.all(runs.map((run) => at.store.commit({ ...nothing, run })));

    expect(committed.every((done) => done)).toBe(true);
    expect(await at.store.runs({ limit: 99 })).toHaveLength(40);
  });

  it('that began and never ended are known after a crash, oldest first', async () => {
    const ended = aRun();
    const [older, newer] = [
      aRun({ id: 'b', startedAt: '2026-11-24T09:10:00.000Z' }),
      aRun({ id: 'a', startedAt: '2026-11-24T09:20:00.000Z' }),
    ];
    for (const run of [newer, ended, older]) await at.store.begin(begunOf(run));
    await at.store.commit({ ...nothing, run: ended });

    await at.reopen();

    expect(await at.store.unfinished()).toEqual([begunOf(older), begunOf(newer)]);
  });

  it('have ids of which the latest is known, those of incidents and effects among them', async () => {
    expect(await at.store.latestId()).toBeNull();
    const [begun, run] = [aRun({ id: 'B' }), aRun({ id: 'A' })];
    await at.store.commit({ ...nothing, run });
    expect(await at.store.latestId()).toBe('A');
    await at.store.begin(begunOf(begun));
    expect(await at.store.latestId()).toBe('B');
    const incident = anIncident({ id: 'C' });
    await at.store.commit(aCommitOf(incident));
    expect(await at.store.latestId()).toBe('C');
    await at.store.commit(
      aCommitOf({ ...incident, revision: 2 }, { effects: [{ ...anOpenIssueFor(incident), id: 'D' }] }),
    );
    expect(await at.store.latestId()).toBe('D');
  });

  it('are removed when they are old, in any number, and only then', async () => {
    const old = Array.from({ length: 501 }, () => aRun({ startedAt: later(-1).toISOString() }));
    const young = aRun({ startedAt: later(0).toISOString() });
    for (const run of [...old, young]) await at.store.commit({ ...nothing, run });

    expect(await at.store.prune(later(0))).toBe(501);

    expect(await at.store.runs({ limit: 999 })).toEqual([young]);
    expect(await at.store.prune(later(0))).toBe(0);
  });

  it('are pruned together with what was told long ago, and with nothing that still has to be told', async () => {
    const incident = anIncident();
    const [issue, comment] = [anOpenIssueFor(incident), aCommentFor(incident)];
    await at.store.commit(aCommitOf(incident, { effects: [issue, comment] }));
    await at.store.outbox.sending(issue.id, NOW);
    await at.store.outbox.delivered(issue.id, NOW, null);

    expect(await at.store.prune(NOW)).toBe(0);
    expect(await at.store.prune(later(1))).toBe(1);

    expect((await at.store.outbox.next('github', NOW))?.effect).toEqual(comment);
    expect(await at.store.incidentEvents(incident.id)).not.toEqual([]);
  });

  it('outlive the others when an incident speaks of them', async () => {
    const named = ['first', 'last', 'event', 'event-last'];
    for (const id of [...named, 'other']) {
      await at.store.commit({ ...nothing, run: aRun({ id, startedAt: later(-1).toISOString() }) });
    }
    const incident = anIncident({ firstRun: 'first', lastFailedRun: 'last' });
    const event = anEventOf(incident, { data: { run: 'event', lastFailedRun: 'event-last' } });
    await at.store.commit({ ...nothing, incidents: [incident], events: [event] });

    expect(await at.store.prune(later(0))).toBe(1);

    expect((await at.store.runs({ limit: 9 })).map(({ id }) => id).toSorted()).toEqual(named.toSorted());
  });
}
