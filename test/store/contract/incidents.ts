import { expect, it } from 'vitest';
import type { Incident } from '../../../src/core/incident.ts';
import { Conflict } from '../../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../../build/incident.ts';
import { aRun } from '../../build/run.ts';
import { type Open, aCommitOf, eachStore, later, nothing } from './fixture.ts';

export function incidentsContract(open: Open): void {
  const at = eachStore(open);
  const declare = (incident = anIncident()) => at.store.commit(aCommitOf(incident));

  it('keep their row and their log, after a restart too', async () => {
    const incident = anIncident();
    const recovering: Incident = {
      ...incident,
      state: 'mitigated',
      recoveredAt: later(0).toISOString(),
      revision: 2,
    };
    await declare(incident);
    await at.store.commit(aCommitOf(recovering));

    await at.reopen();

    expect(await at.store.incident(incident.id)).toEqual(recovering);
    expect(await at.store.incident('nobody')).toBeNull();
    expect(await at.store.activeIncidents()).toEqual([recovering]);
    expect(await at.store.incidentEvents(incident.id)).toEqual([
      anEventOf(incident),
      anEventOf(recovering, { kind: 'mitigated' }),
    ]);
  });

  it('are listed newest first, the open ones oldest first', async () => {
    const ids = ['1', '2', '3'];
    for (const id of ids) await declare(anIncident({ id, scope: { kind: 'hub', id } }));

    const listed = async (before?: string) =>
      (await at.store.incidents({ limit: 2, ...(before === undefined ? {} : { before }) })).map(
        ({ id }) => id,
      );
    expect(await listed()).toEqual(['3', '2']);
    expect(await listed('2')).toEqual(['1']);
    expect((await at.store.activeIncidents()).map(({ id }) => id)).toEqual(ids);
  });

  it('are open once per scope and criterion', async () => {
    await declare();

    await expect(declare()).rejects.toThrow(Conflict);
    await declare(anIncident({ criterion: 'login' }));
    await declare(anIncident({ scope: { kind: 'hub', id: 'other' } }));

    expect(await at.store.activeIncidents()).toHaveLength(3);
  });

  it('are declared once when several decide it at the same moment', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => declare()));

    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toHaveLength(7);
    expect(refused.every((error) => error instanceof Conflict)).toBe(true);
    expect(await at.store.activeIncidents()).toHaveLength(1);
  });

  it('may be declared again when the earlier one is resolved', async () => {
    const first = anIncident();
    await declare(first);
    await at.store.commit(aCommitOf({ ...first, state: 'resolved', revision: 2 }));

    await declare();

    expect(await at.store.activeIncidents()).toHaveLength(1);
    expect(await at.store.incidents({ limit: 9 })).toHaveLength(2);
  });

  it('are not opened again while another is open for the same scope and criterion', async () => {
    const first = anIncident();
    await declare(first);
    await at.store.commit(aCommitOf({ ...first, state: 'resolved', revision: 2 }));
    await declare();

    const again = at.store.commit(aCommitOf({ ...first, state: 'declared', revision: 3 }));

    await expect(again).rejects.toThrow(Conflict);
    expect(await at.store.incident(first.id)).toMatchObject({ state: 'resolved', revision: 2 });
  });

  it.each([
    ['has moved on', 2],
    ['is not there yet', 4],
  ])('are not changed by somebody whose revision %s, and nothing of that commit remains', async (_, to) => {
    const incident = anIncident();
    await declare(incident);
    await at.store.commit(aCommitOf({ ...incident, revision: 2 }));
    const stale = { ...incident, revision: to, lastFailedRun: 'other' };
    const run = aRun();
    const more = { run, proven: { hub: 'staging', username: 'canary' }, effects: [aCommentFor(stale)] };

    await expect(at.store.commit(aCommitOf(stale, more))).rejects.toThrow(Conflict);

    expect(await at.store.run(run.id)).toBeNull();
    expect(await at.store.credentialProven('staging', 'canary')).toBe(false);
    expect(await at.store.incident(incident.id)).toEqual({ ...incident, revision: 2 });
    expect(await at.store.incidentEvents(incident.id)).toHaveLength(2);
    expect((await at.store.outbox.status()).pending).toBe(0);
  });

  const incident = anIncident();
  const second = { ...incident, revision: 2 };
  it.each([
    ['an event of no row', { ...nothing, events: [anEventOf(incident)] }, 'without its row'],
    ['a row without event', { ...nothing, incidents: [incident] }, 'do not lead to revision 1'],
    [
      'a log with a gap',
      { ...nothing, incidents: [second], events: [anEventOf(second), anEventOf(second)] },
      'do not lead to revision 2',
    ],
    [
      'one effect twice',
      aCommitOf(incident, { effects: [anOpenIssueFor(incident), anOpenIssueFor(incident)] }),
      /unique/i,
    ],
  ])('are not changed by a mistaken commit: %s', async (_, mistaken, complaint) => {
    const run = aRun();

    await expect(at.store.commit({ ...mistaken, run })).rejects.toThrow(complaint);

    expect(await at.store.run(run.id)).toBeNull();
    expect(await at.store.incidents({ limit: 9 })).toEqual([]);
    expect(await at.store.incidentEvents(incident.id)).toEqual([]);
  });
}
