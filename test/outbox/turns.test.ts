import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Effect, ISSUES } from '../../src/core/effect.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { Conflict, type Outbox } from '../../src/store/store.ts';
import { aCommentFor, anAnnouncementFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type Desk, openDesk } from './desk.ts';
import { QUICK, notifierFor, senderFor } from './sender.ts';

const GO_ON = new AbortController().signal;
const FAR = new Date('9999-01-01');

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk[Symbol.asyncDispose]());

const pending = async () => (await desk.store.outbox.status()).pending;

/** Runs a sender for as long as `body` takes. */
async function running(sender: ReturnType<typeof senderFor>, body: () => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const ended = sender.run(stop.signal);
  try {
    await body();
  } finally {
    stop.abort();
    await ended;
  }
}

/** Notes what it is asked for, and answers when told to. */
function heldNotifier() {
  const held = Promise.withResolvers<void>();
  const asked: Effect['kind'][] = [];
  const notifier: Notifier = {
    name: 'github',
    check: async () => ({ ok: true }),
    sightings: async () => [],
    sweep: async () => ({ duplicates: [], moved: [] }),
    async deliver({ effect }) {
      asked.push(effect.kind);
      await held.promise;
      return { adopted: false };
    },
  };
  return { notifier, asked, letGo: () => held.resolve() };
}

/** Takes everything, and tells nobody. */
function silent(): Notifier {
  const { notifier, letGo } = heldNotifier();
  letGo();
  return notifier;
}

describe('taking turns', () => {
  it('lets a second pass wait for the one that is under way, so that nothing goes out twice', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    const { notifier, asked, letGo } = heldNotifier();
    const sender = senderFor(desk.store, notifier);

    const passes = [sender.pass(GO_ON), sender.pass(GO_ON)];
    await expect.poll(() => asked.length).toBe(1);
    letGo();

    expect(await Promise.all(passes)).toEqual([1, 0]);
    expect(asked).toEqual(['open-issue']);
  });

  it('waits for it no longer than its own signal', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    const { notifier, asked, letGo } = heldNotifier();
    const sender = senderFor(desk.store, notifier);
    const first = sender.pass(GO_ON);
    await expect.poll(() => asked.length).toBe(1);

    await expect(sender.pass(AbortSignal.timeout(20))).rejects.toThrow(/timeout/);

    letGo();
    expect(await first).toBe(1);
  });

  it('sends nothing while somebody else has the lease', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    await desk.store.outbox.lease('github', 'somebody else', new Date(), 60_000);

    expect(await senderFor(desk.store, notifierFor(desk.github)).pass(GO_ON)).toBe(0);

    expect(desk.github.requests()).toEqual([]);
  });

  it('gives the lease back at the end', async () => {
    await running(senderFor(desk.store, notifierFor(desk.github), 'first'), async () => {
      await expect.poll(() => desk.store.outbox.lease('github', 'second', new Date(), 1)).toBe(false);
    });

    expect(await desk.store.outbox.lease('github', 'second', new Date(), 1)).toBe(true);
  });

  it('lets pass what somebody else has told meanwhile', async () => {
    const [taken, free] = [anIncident(), anIncident({ criterion: 'login' })];
    await desk.declare(taken, [anOpenIssueFor(taken)]);
    await desk.declare(free, [anOpenIssueFor(free)]);
    const { outbox } = desk.store;
    let isFirst = true;
    const raced: Outbox = {
      ...outbox,
      async sending(effect, now) {
        if (!isFirst) return outbox.sending(effect, now);
        isFirst = false;
        await outbox.sending(effect, now);
        await outbox.delivered(effect, now, null);
        throw new Conflict('told by somebody else');
      },
    };

    await senderFor({ outbox: raced, incident: desk.store.incident }, notifierFor(desk.github)).pass(GO_ON);

    expect(await pending()).toBe(0);
    expect(desk.github.issues()).toHaveLength(1);
  });
});

describe('waking and sleeping', () => {
  it('tells at once what is committed while it sleeps', async () => {
    const { outbox, incident: read } = desk.store;
    let isAsleep = false;
    const watched: Outbox = {
      ...outbox,
      nextDue: async () => outbox.nextDue('github').finally(() => (isAsleep = true)),
    };
    const sender = senderFor({ outbox: watched, incident: read }, notifierFor(desk.github));
    await running(sender, async () => {
      await expect.poll(() => isAsleep).toBe(true);
      const incident = anIncident();
      await desk.declare(incident, [anOpenIssueFor(incident)]);

      sender.wake();

      await expect.poll(pending, { timeout: 2_000 }).toBe(0);
    });
  });

  it('wakes by itself when the next one becomes due', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    desk.github.faults.set('too-many-requests');
    await running(senderFor(desk.store, notifierFor(desk.github)), async () => {
      await expect
        .poll(async () => (await desk.store.outbox.next('github', FAR))?.attempts ?? 0)
        .toBeGreaterThan(1);
      desk.github.faults.clear();
      await expect.poll(pending, { timeout: 2_000 }).toBe(0);
    });
  });

  it('goes on after the store failed', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    const { outbox } = desk.store;
    let failures = 0;
    const failing: Outbox = {
      ...outbox,
      async next(notifier, now) {
        if (failures > 0) return outbox.next(notifier, now);
        failures += 1;
        throw new Error('disk is full');
      },
    };
    let errors = 0;
    const observer = { delivery() {}, issueVisible() {}, storeError: () => void (errors += 1) };
    const parts = { outbox: failing, incident: desk.store.incident };
    const sender = senderFor(parts, notifierFor(desk.github), 'test', { observer });

    await running(sender, async () => {
      await expect.poll(() => errors).toBe(1);
      await expect.poll(pending, { timeout: 10_000 }).toBe(0);
    });
  });

  it('is cut off by its signal, and notes that it does not know how far it came', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    const { notifier, asked } = heldNotifier();
    await running(senderFor(desk.store, notifier), () => expect.poll(() => asked.length).toBe(1));

    expect(await desk.store.outbox.next('github', FAR)).toMatchObject({
      state: 'ambiguous',
      attempts: 1,
      lastError: 'we were told to stop',
    });
  });
});

describe('after a crash in the middle of a request', () => {
  it('waits for a late commit before it looks, and lets other incidents pass', async () => {
    const [cut, other] = [anIncident(), anIncident({ criterion: 'login' })];
    const effect = anOpenIssueFor(cut);
    await desk.declare(cut, [effect, aCommentFor(cut, 'after')]);
    await desk.declare(other, [anOpenIssueFor(other)]);
    await desk.store.outbox.sending(effect.id, new Date());
    desk.github.faults.set('late-commit', { lateMs: QUICK.quarantineMs / 2 });
    await notifierFor(desk.github)
      .deliver({ effect, incident: cut, maybeDone: false, firstAttemptAt: null, signal: GO_ON })
      .catch(() => {});
    desk.github.faults.clear();

    await running(senderFor(desk.store, notifierFor(desk.github)), async () => {
      await expect.poll(() => desk.github.issues().length).toBe(1);
      expect(desk.github.issue(1).body).toContain(other.id);
      await expect.poll(pending, { timeout: 5_000 }).toBe(0);
    });

    expect(desk.github.issues()).toHaveLength(2);
    expect(desk.github.issue(2).comments).toHaveLength(1);
  });

  it('waits for a stale list before it believes that nothing is there', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    desk.github.faults.set('error-after-commit');
    desk.github.faults.set('stale-list', { staleMs: QUICK.quarantineMs / 2 });
    const sender = senderFor(desk.store, notifierFor(desk.github));
    await sender.pass(GO_ON);

    await running(sender, () => expect.poll(pending, { timeout: 5_000 }).toBe(0));

    expect(desk.github.issues()).toHaveLength(1);
  });

  it('repeats an announcement at once: who is told knows it by its id', async () => {
    const incident = anIncident();
    const effect = anAnnouncementFor(incident, ISSUES);
    await desk.declare(incident, [effect]);
    await desk.store.outbox.sending(effect.id, new Date());

    await senderFor(desk.store, silent()).pass(GO_ON);

    expect(await pending()).toBe(0);
  });
});

describe('what the metrics are told', () => {
  it('counts how attempts ended, and measures from the first failure to the issue', async () => {
    const incident = anIncident({ startedAt: new Date(Date.now() - 90_000).toISOString() });
    await desk.declare(incident, [anOpenIssueFor(incident), aCommentFor(incident)]);
    const results: string[] = [];
    const visible: number[] = [];
    const observer = {
      delivery: ({ kind }: Effect, result: string) => void results.push(`${kind} ${result}`),
      issueVisible: (_: unknown, seconds: number) => void visible.push(seconds),
      storeError() {},
    };
    const sender = senderFor(desk.store, notifierFor(desk.github), 'test', { observer });

    desk.github.faults.set('revoked-token');
    await sender.pass(GO_ON);
    desk.github.faults.clear();
    desk.github.faults.set('error-after-commit');
    await expect.poll(async () => (await sender.pass(GO_ON), results.length)).toBe(2);
    desk.github.faults.clear();
    await running(sender, () => expect.poll(pending, { timeout: 5_000 }).toBe(0));

    expect(results).toEqual([
      'open-issue retry',
      'open-issue ambiguous',
      'open-issue adopted',
      'comment delivered',
    ]);
    expect(visible).toHaveLength(1);
    expect(visible[0]).toBeGreaterThanOrEqual(90);
    expect(visible[0]).toBeLessThan(100);
  });

  it('knows of no issue where none was opened', async () => {
    const incident = anIncident();
    await desk.declare(incident, [anOpenIssueFor(incident)]);
    let visible = 0;
    const observer = { delivery() {}, storeError() {}, issueVisible: () => void (visible += 1) };

    await senderFor(desk.store, silent(), 'test', { observer }).pass(GO_ON);

    expect({ visible, pending: await pending() }).toEqual({ visible: 0, pending: 0 });
  });
});
