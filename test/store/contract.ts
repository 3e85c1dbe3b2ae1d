import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Conflict, type Commit, type Store } from '../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { aFailedRun, aRun } from '../build/run.ts';

const nothing: Commit = { run: null, verdicts: [], incidents: [], events: [], effects: [], proven: null };
const NOW = new Date('2026-11-24T10:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

/** What every store must do; `open` opens the same database again each time. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(`${name}: runs`, () => {
    let store: Store;
    beforeEach(async () => void (store = await open()));
    afterEach(() => store.close());

    it('come back as they went in, newest first, after a restart too', async () => {
      const older = aRun({ startedAt: '2026-11-24T08:00:00.000Z' });
      const newer = aFailedRun('server', 'spawn-failed', {
        slow: [{ step: 's', seconds: 2, limitSeconds: 1 }],
      });
      await store.commit({ ...nothing, run: older });
      await store.commit({ ...nothing, run: newer });

      await store.close();
      store = await open();

      expect(await store.recentRuns('staging', 10)).toEqual([newer, older]);
      expect(await store.recentRuns('staging', 1)).toEqual([newer]);
      expect(await store.run(older.id)).toEqual(older);
      expect(await store.run('nobody')).toBeNull();
    });

    it('are found by hub, outcome, failed criterion and what came before', async () => {
      const passed = aRun({ startedAt: '2026-11-24T08:00:00.000Z' });
      const failed = aFailedRun('server', 'spawn-failed', { startedAt: '2026-11-24T09:00:00.000Z' });
      const other = aRun({ hub: 'other', startedAt: '2026-11-24T09:30:00.000Z' });
      for (const run of [passed, failed, other]) await store.commit({ ...nothing, run });

      expect(await store.runs({ limit: 9 })).toEqual([other, failed, passed]);
      expect(await store.runs({ hub: 'other', limit: 9 })).toEqual([other]);
      expect(await store.runs({ outcome: 'failed', limit: 9 })).toEqual([failed]);
      expect(await store.runs({ criterion: 'server', limit: 9 })).toEqual([failed]);
      expect(await store.runs({ criterion: 'login', limit: 9 })).toEqual([]);
      expect(await store.runs({ before: failed.id, limit: 9 })).toEqual([passed]);
    });

    it('are recorded once: the second commit of a run changes nothing at all', async () => {
      const run = aRun();
      const incident = anIncident();

      expect(await store.commit({ ...nothing, run })).toBe(true);
      const again = { ...nothing, run, incidents: [incident], events: [anEventOf(incident)] };
      expect(await store.commit(again)).toBe(false);

      expect(await store.incident(incident.id)).toBeNull();
    });

    it('that began and never ended are known after a crash', async () => {
      const [ended, lost] = [aRun(), aRun({ startedAt: '2026-11-24T09:10:00.000Z' })];
      for (const { id, hub, trigger, attempt, startedAt } of [ended, lost]) {
        await store.begin({ id, hub, trigger, attempt, startedAt, criteria: ['login'] });
      }
      await store.commit({ ...nothing, run: ended });

      await store.close();
      store = await open();

      expect((await store.unfinished()).map(({ id }) => id)).toEqual([lost.id]);
    });
  });

  describe(`${name}: what is known of hubs`, () => {
    let store: Store;
    beforeEach(async () => void (store = await open()));
    afterEach(() => store.close());

    it('is the latest verdict per hub and criterion', async () => {
      const verdict = {
        hub: 'staging',
        criterion: 'login',
        verdict: 'suspect',
        since: 'x',
        runs: ['1'],
        because: 'b',
      } as const;
      await store.commit({ ...nothing, verdicts: [verdict] });
      await store.commit({ ...nothing, verdicts: [{ ...verdict, verdict: 'broken' }] });

      expect(await store.verdicts()).toEqual([{ ...verdict, verdict: 'broken' }]);
    });

    it('includes which accounts have worked before', async () => {
      await store.commit({ ...nothing, proven: { hub: 'staging', username: 'canary' } });
      await store.commit({ ...nothing, proven: { hub: 'staging', username: 'canary' } });

      expect(await store.credentialProven('staging', 'canary')).toBe(true);
      expect(await store.credentialProven('staging', 'maren')).toBe(false);
      expect(await store.credentialProven('other', 'canary')).toBe(false);
    });

    it('binds an idempotency key to the first run for a day', async () => {
      expect(await store.findIdempotencyKey({ key: 'k', now: NOW })).toBeNull();
      expect(await store.bindIdempotencyKey({ key: 'k', runId: 'a', now: NOW })).toBe('a');
      expect(await store.findIdempotencyKey({ key: 'k', now: later(3_600_000) })).toBe('a');
      expect(await store.findIdempotencyKey({ key: 'k', now: later(25 * 3_600_000) })).toBeNull();
      expect(await store.bindIdempotencyKey({ key: 'k', runId: 'b', now: later(3_600_000) })).toBe('a');
      expect(await store.bindIdempotencyKey({ key: 'k', runId: 'c', now: later(25 * 3_600_000) })).toBe('c');
    });
  });

  describe(`${name}: incidents`, () => {
    let store: Store;
    beforeEach(async () => void (store = await open()));
    afterEach(() => store.close());

    const declare = (incident = anIncident()) =>
      store.commit({ ...nothing, incidents: [incident], events: [anEventOf(incident)] });

    it('keep their row and their log', async () => {
      const incident = anIncident();
      await declare(incident);

      expect(await store.incident(incident.id)).toEqual(incident);
      expect(await store.openIncidents()).toEqual([incident]);
      expect(await store.incidents({ limit: 5 })).toEqual([incident]);
      expect(await store.incidentEvents(incident.id)).toEqual([anEventOf(incident)]);
    });

    it('are open once per scope and criterion', async () => {
      await declare();

      await expect(declare()).rejects.toThrow(Conflict);
      await declare(anIncident({ criterion: 'login' }));
      expect(await store.openIncidents()).toHaveLength(2);
    });

    it('may be declared again when the earlier one is resolved', async () => {
      const first = anIncident();
      await declare(first);
      const resolved = { ...first, state: 'resolved', revision: 2 } as const;
      await store.commit({
        ...nothing,
        incidents: [resolved],
        events: [anEventOf(resolved, { kind: 'resolved' })],
      });

      await declare();

      expect(await store.openIncidents()).toHaveLength(1);
    });

    it('are not changed by somebody who read an older revision, and nothing of that commit remains', async () => {
      const incident = anIncident();
      await declare(incident);
      const stale = { ...incident, revision: 3 };
      const run = aRun();

      const change = store.commit({ ...nothing, run, incidents: [stale], events: [anEventOf(stale)] });

      await expect(change).rejects.toThrow(Conflict);
      expect(await store.run(run.id)).toBeNull();
      expect(await store.incidentEvents(incident.id)).toHaveLength(1);
    });
  });

  describe(`${name}: the outbox`, () => {
    let store: Store;
    beforeEach(async () => void (store = await open()));
    afterEach(() => store.close());

    async function commitEffects() {
      const incident = anIncident();
      const [issue, comment] = [anOpenIssueFor(incident), aCommentFor(incident)];
      await store.commit({
        ...nothing,
        incidents: [incident],
        events: [anEventOf(incident)],
        effects: [issue, comment],
      });
      return { incident, issue, comment };
    }

    it('gives effects of an incident in order, each only when the one before is out', async () => {
      const { issue, comment } = await commitEffects();

      expect((await store.outbox.next(NOW))?.effect).toEqual(issue);
      await store.outbox.sending(issue.id, NOW);
      await store.outbox.delivered(issue.id, NOW, null);
      expect((await store.outbox.next(NOW))?.effect).toEqual(comment);
      await store.outbox.sending(comment.id, NOW);
      await store.outbox.delivered(comment.id, NOW, null);
      expect(await store.outbox.next(NOW)).toBeNull();
      expect(await store.outbox.nextDue()).toBeNull();
    });

    it('lets another incident pass one that has to wait', async () => {
      const { issue } = await commitEffects();
      const other = anIncident({ criterion: 'login' });
      const second = anOpenIssueFor(other);
      await store.commit({ ...nothing, incidents: [other], events: [anEventOf(other)], effects: [second] });
      await store.outbox.sending(issue.id, NOW);
      await store.outbox.failed(issue.id, { state: 'pending', notBefore: later(60_000), error: '503' });

      expect((await store.outbox.next(NOW))?.effect).toEqual(second);
      await store.outbox.delivered(second.id, NOW, null);
      expect(await store.outbox.next(NOW)).toBeNull();
      expect(await store.outbox.nextDue()).toEqual(later(60_000));
      expect(await store.outbox.next(later(60_000))).toMatchObject({
        attempts: 1,
        lastError: '503',
        state: 'pending',
      });
    });

    it('calls ambiguous what was on its way when the process died', async () => {
      const { issue } = await commitEffects();
      await store.outbox.sending(issue.id, NOW);

      await store.close();
      store = await open();

      const delivery = await store.outbox.next(NOW);
      expect(delivery).toMatchObject({
        state: 'ambiguous',
        attempts: 1,
        firstAttemptAt: NOW,
        lastAttemptAt: NOW,
      });
    });

    it('records what a delivery taught together with it', async () => {
      const { incident, issue } = await commitEffects();
      const opened = { ...incident, revision: 2, issue: { number: 7, url: 'u' } };

      await store.outbox.sending(issue.id, NOW);
      await store.outbox.delivered(issue.id, NOW, {
        incident: opened,
        event: anEventOf(opened, { kind: 'issue-opened' }),
      });

      expect(await store.incident(incident.id)).toEqual(opened);
      expect((await store.outbox.next(NOW))?.incident).toEqual(opened);
    });

    it('has one sender at a time, and the next one when the lease is over', async () => {
      const { outbox } = store;

      expect(await outbox.lease('a', NOW, 1_000)).toBe(true);
      expect(await outbox.lease('b', NOW, 1_000)).toBe(false);
      expect(await outbox.lease('a', later(500), 1_000)).toBe(true);
      expect(await outbox.lease('b', later(1_400), 1_000)).toBe(false);
      expect(await outbox.lease('b', later(1_500), 1_000)).toBe(true);
      await outbox.release('b');
      expect(await outbox.lease('a', later(1_501), 1_000)).toBe(true);
    });

    it('tells how much waits and since when', async () => {
      expect(await store.outbox.status()).toEqual({ pending: 0, oldestAt: null, lastError: null });

      const { issue } = await commitEffects();
      await store.outbox.failed(issue.id, { state: 'ambiguous', notBefore: NOW, error: 'timeout' });

      expect(await store.outbox.status()).toEqual({
        pending: 2,
        oldestAt: new Date(issue.createdAt),
        lastError: 'timeout',
      });
    });
  });
}
