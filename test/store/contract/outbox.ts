import { expect, it } from 'vitest';
import type { Effect } from '../../../src/core/effect.ts';
import { Conflict } from '../../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../../build/incident.ts';
import { type Open, NOW, aCommitOf, eachStore, later, nothing } from './fixture.ts';

export function outboxContract(open: Open): void {
  const at = eachStore(open);
  const outbox = () => at.store.outbox;

  async function commitEffects() {
    const incident = anIncident();
    const [issue, comment] = [anOpenIssueFor(incident), aCommentFor(incident)];
    await at.store.commit(aCommitOf(incident, { effects: [issue, comment] }));
    return { incident, issue, comment };
  }

  async function deliver(effect: Effect): Promise<void> {
    await outbox().sending(effect.id, NOW);
    await outbox().delivered(effect.id, NOW, null);
  }

  it('gives effects of an incident in order, each only when the one before is out', async () => {
    const { incident, issue, comment } = await commitEffects();

    expect(await outbox().next('github', NOW)).toEqual({
      effect: issue,
      incident,
      state: 'pending',
      attempts: 0,
      firstAttemptAt: null,
      lastAttemptAt: null,
      lastError: null,
    });
    await deliver(issue);
    expect((await outbox().next('github', NOW))?.effect).toEqual(comment);
    await deliver(comment);
    expect(await outbox().next('github', NOW)).toBeNull();
    expect(await outbox().nextDue('github')).toBeNull();
  });

  it('orders by the incident’s log first, whatever ids and clocks say', async () => {
    const incident = anIncident();
    const moved = { ...incident, revision: 2 };
    const effects = [
      { ...anOpenIssueFor(incident), id: 'z' },
      { ...aCommentFor(incident), id: 'y' },
    ];
    const earlier = { ...aCommentFor(moved), id: 'a', createdAt: '2026-11-24T09:00:00.000Z' };
    await at.store.commit(aCommitOf(incident, { effects }));
    await at.store.commit(aCommitOf(moved, { effects: [earlier] }));

    const told: string[] = [];
    for (
      let next = await outbox().next('github', NOW);
      next !== null;
      next = await outbox().next('github', NOW)
    ) {
      told.push(next.effect.id);
      await deliver(next.effect);
    }

    expect(told).toEqual(['z', 'y', 'a']);
  });

  it('waits for no clock: neither with what was never tried nor with what was put off far into the future', async () => {
    const { issue } = await commitEffects();
    const beforeThat = later(-3 * 3_600_000);

    expect((await outbox().next('github', beforeThat))?.effect).toEqual(issue);
    await outbox().sending(issue.id, NOW);
    await outbox().failed(issue.id, { state: 'pending', notBefore: later(60_000), error: '503' });

    expect(await outbox().next('github', later(-3_600_000))).toBeNull();
    expect((await outbox().next('github', beforeThat))?.effect).toEqual(issue);
  });

  it('gives the oldest of several incidents first', async () => {
    const at9 = { createdAt: '2026-11-24T09:00:00.000Z' };
    const [young, old] = [anIncident(), anIncident({ criterion: 'login' })];
    await at.store.commit(aCommitOf(young, { effects: [anOpenIssueFor(young)] }));
    await at.store.commit(aCommitOf(old, { effects: [{ ...anOpenIssueFor(old), ...at9 }] }));

    expect((await outbox().next('github', NOW))?.incident).toEqual(old);
  });

  it('gives what goes on before what is over', async () => {
    const at9 = { createdAt: '2026-11-24T09:00:00.000Z' };
    const [young, old] = [anIncident(), anIncident({ criterion: 'login', state: 'resolved' })];
    await at.store.commit(aCommitOf(old, { effects: [{ ...anOpenIssueFor(old), ...at9 }] }));
    await at.store.commit(aCommitOf(young, { effects: [anOpenIssueFor(young)] }));

    expect((await outbox().next('github', NOW))?.incident).toEqual(young);
  });

  it('lets another incident pass one that has to wait', async () => {
    const { issue } = await commitEffects();
    const other = anIncident({ criterion: 'login' });
    const second = anOpenIssueFor(other);
    await at.store.commit(aCommitOf(other, { effects: [second] }));
    await outbox().sending(issue.id, NOW);
    await outbox().failed(issue.id, { state: 'pending', notBefore: later(60_000), error: '503' });

    expect((await outbox().next('github', NOW))?.effect).toEqual(second);
    await deliver(second);
    expect(await outbox().next('github', NOW)).toBeNull();
    expect(await outbox().nextDue('github')).toEqual(later(60_000));
    expect(await outbox().next('github', later(60_000))).toMatchObject({
      attempts: 1,
      lastError: '503',
      state: 'pending',
    });
  });

  it('holds an ambiguous one back until its time, and counts attempts', async () => {
    const { issue } = await commitEffects();
    await outbox().sending(issue.id, NOW);
    await outbox().failed(issue.id, { state: 'ambiguous', notBefore: later(60_000), error: 'timeout' });

    expect(await outbox().next('github', later(59_999))).toBeNull();
    await outbox().sending(issue.id, later(60_000));

    expect(await outbox().next('github', later(60_000))).toMatchObject({
      state: 'ambiguous',
      attempts: 2,
      firstAttemptAt: NOW,
      lastAttemptAt: later(60_000),
      lastError: 'timeout',
    });
  });

  it('calls ambiguous what was on its way when the process died', async () => {
    const { issue } = await commitEffects();
    await outbox().sending(issue.id, NOW);

    await at.reopen();

    expect(await outbox().next('github', NOW)).toMatchObject({
      effect: { id: issue.id },
      state: 'ambiguous',
      attempts: 1,
      firstAttemptAt: NOW,
      lastAttemptAt: NOW,
    });
  });

  it('records what a delivery taught together with it', async () => {
    const { incident, issue, comment } = await commitEffects();
    const opened = { ...incident, revision: 2, issue: { number: 7, url: 'u' } };
    const event = anEventOf(opened, { kind: 'issue-opened' });

    await outbox().sending(issue.id, NOW);
    await outbox().delivered(issue.id, NOW, { incident: opened, event });

    expect(await at.store.incident(incident.id)).toEqual(opened);
    expect((await at.store.incidentEvents(incident.id)).at(-1)).toEqual(event);
    expect(await outbox().next('github', NOW)).toMatchObject({ effect: comment, incident: opened });
  });

  it('notes neither the delivery nor what it taught when the incident has moved on', async () => {
    const { incident, issue } = await commitEffects();
    await at.store.commit(aCommitOf({ ...incident, revision: 2 }));
    const opened = { ...incident, revision: 2, issue: { number: 7, url: 'u' } };
    await outbox().sending(issue.id, NOW);

    const change = { incident: opened, event: anEventOf(opened, { kind: 'issue-opened' }) };
    await expect(outbox().delivered(issue.id, NOW, change)).rejects.toThrow(Conflict);

    expect((await outbox().next('github', NOW))?.effect).toEqual(issue);
    expect((await at.store.incident(incident.id))?.issue).toBeNull();
  });

  it('keeps delivered what is delivered, whatever a sender that lost its turn reports', async () => {
    const { incident, issue, comment } = await commitEffects();
    await deliver(issue);

    await expect(outbox().sending(issue.id, NOW)).rejects.toThrow(Conflict);
    await outbox().failed(issue.id, { state: 'ambiguous', notBefore: NOW, error: 'late' });
    const opened = { ...incident, revision: 2, issue: { number: 8, url: 'u' } };
    await outbox().delivered(issue.id, NOW, { incident: opened, event: anEventOf(opened) });

    expect((await outbox().next('github', NOW))?.effect).toEqual(comment);
    expect(await at.store.incident(incident.id)).toEqual(incident);
    expect(await outbox().status()).toMatchObject({ pending: 1, lastError: null });
  });

  it('tells how much waits, since when, and what went wrong last', async () => {
    expect(await outbox().status()).toEqual({ pending: 0, oldestAt: null, lastError: null, lanes: [] });

    const { issue } = await commitEffects();
    const other = anIncident({ criterion: 'login' });
    const second = { ...anOpenIssueFor(other), createdAt: '2026-11-24T09:00:00.000Z' };
    await at.store.commit(aCommitOf(other, { effects: [second] }));
    for (const [effect, ms, error] of [
      [issue, 1, 'timeout'],
      [second, 2, '503'],
    ] as const) {
      await outbox().sending(effect.id, later(ms));
      await outbox().failed(effect.id, { state: 'ambiguous', notBefore: NOW, error });
    }

    const waiting = { pending: 3, oldestAt: new Date(second.createdAt), lastError: '503' };
    expect(await outbox().status()).toEqual({ ...waiting, lanes: [{ notifier: 'github', ...waiting }] });
  });

  it('has nothing to tell of a commit without effects', async () => {
    await at.store.commit(aCommitOf(anIncident()));
    await at.store.commit(nothing);

    expect(await outbox().next('github', later(1e9))).toBeNull();
  });
}
