import { expect, it } from 'vitest';
import type { Effect } from '../../../src/core/effect.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { aCommentFor, anAnnouncementFor, anIncident, anOpenIssueFor } from '../../build/incident.ts';
import { type Open, NOW, aCommitOf, eachStore, later } from './fixture.ts';

export function lanesContract(open: Open): void {
  const at = eachStore(open);
  const outbox = () => at.store.outbox;

  async function commit(incident: Incident, effects: readonly Effect[]): Promise<void> {
    await at.store.commit(aCommitOf(incident, { effects }));
  }

  async function deliver(effect: Effect, when = NOW): Promise<void> {
    await outbox().sending(effect.id, when);
    await outbox().delivered(effect.id, when, null);
  }

  async function declared() {
    const incident = anIncident();
    const [issue, chat, pager] = [
      anOpenIssueFor(incident),
      anAnnouncementFor(incident),
      anAnnouncementFor(incident, 'webhook:pager'),
    ];
    await commit(incident, [issue, chat, pager]);
    return { incident, issue, chat, pager };
  }

  it('gives each notifier its own, whatever the others still wait for', async () => {
    const { issue, chat, pager } = await declared();

    expect((await outbox().next('webhook:chat', NOW))?.effect).toEqual(chat);
    expect((await outbox().next('webhook:pager', NOW))?.effect).toEqual(pager);
    expect((await outbox().next('github', NOW))?.effect).toEqual(issue);
    await deliver(chat);
    expect(await outbox().next('webhook:chat', NOW)).toBeNull();
    expect(await outbox().nextDue('webhook:chat')).toBeNull();
    expect(await outbox().next('webhook:nobody', NOW)).toBeNull();
  });

  it('gives the right to send for each notifier by itself', async () => {
    expect(await outbox().lease('github', 'a', NOW, 1_000)).toBe(true);
    expect(await outbox().lease('webhook:chat', 'b', NOW, 1_000)).toBe(true);
    await outbox().release('webhook:chat', 'a');
    expect(await outbox().lease('webhook:chat', 'a', NOW, 1_000)).toBe(false);
  });

  it('pauses one notifier, also over a restart, and lets the others go on', async () => {
    const { issue, chat } = await declared();
    await outbox().pause('github', later(60_000));
    await at.reopen();

    expect(await outbox().next('github', later(59_999))).toBeNull();
    expect(await outbox().nextDue('github')).toEqual(later(60_000));
    expect((await outbox().next('webhook:chat', NOW))?.effect).toEqual(chat);
    expect((await outbox().next('github', later(60_000)))?.effect).toEqual(issue);

    await outbox().pause('github', NOW);
    expect((await outbox().next('github', NOW))?.effect).toEqual(issue);
  });

  it('does not wait for a pause that a clock that was set back put far off', async () => {
    const { issue } = await declared();
    await outbox().pause('github', later(86_400_000));

    expect((await outbox().next('github', NOW))?.effect).toEqual(issue);
  });

  it('says of which incidents a notifier has something to tell, or told something lately', async () => {
    const { incident, issue, chat } = await declared();
    const unsettled = async (since: number) => [...(await outbox().unsettled('github', later(since)))];

    await deliver(chat);
    expect(await unsettled(0)).toEqual([incident.id]);
    await deliver(issue);
    expect(await unsettled(0)).toEqual([incident.id]);
    expect(await unsettled(1)).toEqual([]);
  });

  it('says what took more than one attempt, and since when it is out', async () => {
    const { incident, issue, chat } = await declared();
    const comment = { ...aCommentFor(incident), revision: 2 };
    await commit({ ...incident, revision: 2 }, [comment]);
    await outbox().sending(issue.id, NOW);
    await deliver(issue, later(5));
    await outbox().sending(chat.id, NOW);
    await deliver(chat, later(5));
    await outbox().sending(comment.id, later(6));

    const [only, ...others] = await outbox().repeated('github', later(5));
    expect(only).toMatchObject({
      effect: issue,
      incident: { id: incident.id, revision: 2 },
      firstAttemptAt: NOW,
      deliveredAt: later(5),
    });
    expect(others).toEqual([]);
    expect(await outbox().repeated('github', later(6))).toEqual([]);
  });

  it('tells of each how much waits', async () => {
    const { issue, chat, pager } = await declared();
    await deliver(pager);
    await outbox().sending(chat.id, NOW);
    await outbox().failed(chat.id, { state: 'pending', notBefore: NOW, error: '503' });

    const oldestAt = new Date(issue.createdAt);
    expect(await outbox().status()).toEqual({
      pending: 2,
      oldestAt,
      lastError: '503',
      lanes: [
        { notifier: 'github', pending: 1, oldestAt, lastError: null },
        { notifier: 'webhook:chat', pending: 1, oldestAt, lastError: '503' },
      ],
    });
  });
}
