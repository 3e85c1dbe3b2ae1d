import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { aCommentFor, anAnnouncementFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { VirtualClock } from '../testbed/github/clock.ts';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type Receiver, startReceiver } from '../testbed/webhook/receiver.ts';
import { DEFAULT_BACKOFF } from '../../src/core/backoff.ts';
import { type Desk, openDesk } from './desk.ts';
import { notifiersFor, senderFor } from './sender.ts';

const GO_ON = new AbortController().signal;
/** Time passes when somebody waits, for us and for GitHub. */
let clock: VirtualClock;
let desk: Desk;
let receiver: Receiver;
let notifiers: readonly [Notifier, ...Notifier[]];
beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
  desk = await openDesk({ clock });
  receiver = await startReceiver();
  notifiers = notifiersFor(desk.github, {
    now,
    answerWithinMs: 2_000,
    webhooks: [
      { name: 'chat', format: 'slack', address: async () => receiver.url, secret: async () => null },
    ],
  });
});
afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await desk[Symbol.asyncDispose]();
});

const now = () => new Date(clock.now());
const senderOf = (notifier: Notifier, holder = 'test') =>
  senderFor(desk.store, notifier, holder, { now, random: () => 0.5, backoff: DEFAULT_BACKOFF });
const github = (holder?: string) => senderOf(notifiers[0], holder);
const chat = () => senderOf(notifiers[1] ?? notifiers[0]);

async function declare(criterion: 'login' | 'server' | 'dask' = 'server', more: readonly Effect[] = []) {
  const incident = anIncident({ criterion });
  const effects = [anOpenIssueFor(incident), anAnnouncementFor(incident), ...more];
  await desk.declare(incident, effects);
  return { incident, effects };
}

describe('while one notifier is down', () => {
  it.each<GitHubFault>(['down', 'hang', 'rate-limited', 'revoked-token', 'captive-portal'])(
    'GitHub with %s holds nobody else up',
    async (fault) => {
      await declare();
      desk.github.faults.set(fault);

      const [, told] = await Promise.all([github().pass(GO_ON), chat().pass(GO_ON)]);

      expect(told).toBe(1);
      expect(receiver.received).toHaveLength(1);
      expect((await desk.store.outbox.status()).lanes).toMatchObject([{ notifier: 'github', pending: 1 }]);
    },
  );

  it('the chat holds up nobody either', async () => {
    await declare();
    receiver.behave({ kind: 'answer', status: 410 });

    await Promise.all([chat().pass(GO_ON), github().pass(GO_ON)]);

    expect(desk.github.issues()).toHaveLength(1);
    expect((await desk.store.outbox.status()).lanes).toMatchObject([
      { notifier: 'webhook:chat', pending: 1, lastError: expect.stringContaining('gone for good') },
    ]);
  });

  it('what is told to the chat comes once for a receiver that looks at ids, in order', async () => {
    const incident = anIncident();
    const effects = [1, 2, 3].map((revision) => ({ ...anAnnouncementFor(incident), revision }));
    await desk.declare(incident, effects);
    receiver.behave({ kind: 'reset' });
    await chat().pass(GO_ON);
    receiver.behaveWell();
    clock.advanceTo(clock.now() + 60_000);

    await chat().pass(GO_ON);

    expect(receiver.received).toHaveLength(4);
    expect(receiver.once().map(({ headers }) => headers['webhook-id'])).toEqual(effects.map(({ id }) => id));
  });
});

describe('two senders', () => {
  it('of which the first loses its turn in the middle leave one issue, whatever it reports later', async () => {
    const { incident } = await declare();
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const slow: Notifier = {
      ...notifiers[0],
      async deliver(request) {
        const receipt = await notifiers[0].deliver(request);
        asked.resolve();
        await held.promise;
        return receipt;
      },
    };
    const first = senderOf(slow, 'first').pass(GO_ON);
    await asked.promise;
    const second = github('second');
    expect(await second.pass(GO_ON)).toBe(0);

    // Its lease runs out while it waits; the other takes over, looks first, and finds what was done.
    clock.advanceTo(clock.now() + 180_000);
    expect(await second.pass(GO_ON)).toBe(1);
    held.resolve();
    await first;

    expect(desk.github.issues()).toHaveLength(1);
    const events = await desk.store.incidentEvents(incident.id);
    expect(events.map(({ kind }) => kind)).toEqual(['declared', 'issue-opened']);
    expect(events[1]?.because).toContain('earlier attempt');
  });
});

describe('when GitHub wants us to wait', () => {
  const requests = () => desk.github.requests().length;

  it('nothing more is sent, and afterwards all goes on in the order in which it was decided', async () => {
    const incident = anIncident({ criterion: 'login' });
    const opening = anOpenIssueFor(incident);
    await desk.declare(incident, [opening, aCommentFor(incident, 'one')]);
    await declare('server');
    desk.github.faults.set('rate-limited', { retryAfterSeconds: 90 });

    await github().pass(GO_ON);
    expect(requests()).toBe(1);
    desk.github.faults.clear();
    clock.advanceTo(clock.now() + 89_999);
    await github('another process').pass(GO_ON);
    expect(requests()).toBe(1);

    clock.advanceTo(clock.now() + 1);
    await desk.store.outbox.release('github', 'test');
    await github('another process').pass(GO_ON);
    expect(desk.github.issues().map(({ body }) => body.includes(incident.id))).toEqual([true, false]);
    expect(desk.github.issue(1).comments).toHaveLength(1);
  });

  it('and does not say how long, we wait a minute, then two, then four, and a minute again after a success', async () => {
    await declare();
    desk.github.faults.set('rate-limited-silently');
    const sender = github();
    const waits: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      const from = clock.now();
      await sender.pass(GO_ON);
      clock.advanceTo(Number(await desk.store.outbox.nextDue('github')));
      waits.push((clock.now() - from) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
    expect(requests()).toBe(6);

    desk.github.faults.clear();
    await sender.pass(GO_ON);
    await declare('login');
    desk.github.faults.set('rate-limited-silently');
    const from = clock.now();
    await sender.pass(GO_ON);
    expect(Number(await desk.store.outbox.nextDue('github')) - from).toBe(60_000);
  });

  it('because the hour is used up, we come back when it says', async () => {
    await declare();
    desk.github.faults.set('used-up', { resetSeconds: 1_234 });
    const from = clock.now();

    await github().pass(GO_ON);

    expect(Number(await desk.store.outbox.nextDue('github')) - from).toBe(1_234_000);
  });

  it('one refused incident is no reason for the others to wait', async () => {
    await declare('login');
    await declare('server');
    let first = true;
    desk.github.faults.byChance(({ method }) => {
      const isFirst = first && method === 'POST';
      if (isFirst) first = false;
      return isFirst ? 'unprocessable' : null;
    });

    await github().pass(GO_ON);

    expect(desk.github.issues()).toHaveLength(1);
  });
});
