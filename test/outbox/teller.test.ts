import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTeller } from '../../src/cli/teller.ts';
import { anAnnouncementFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type Receiver, startReceiver } from '../testbed/webhook/receiver.ts';
import { type Desk, openDesk } from './desk.ts';
import { notifiersFor } from './sender.ts';
import { NOBODY } from '../build/observer.ts';

let desk: Desk;
let receiver: Receiver;
const logged: string[] = [];
beforeEach(async () => {
  desk = await openDesk();
  receiver = await startReceiver();
  logged.length = 0;
});
afterEach(async () => {
  await receiver[Symbol.asyncDispose]();
  await desk[Symbol.asyncDispose]();
});

function teller() {
  const chat = {
    name: 'chat',
    format: 'json' as const,
    address: async () => receiver.url,
    secret: async () => null,
  };
  return createTeller({
    store: desk.store,
    notifiers: notifiersFor(desk.github, { webhooks: [chat] }),
    observer: NOBODY,
    log: (_, text) => void logged.push(text),
    now: () => new Date(),
    sighted: async () => {},
  });
}

async function declare(channel = 'webhook:chat') {
  const incident = anIncident();
  await desk.declare(incident, [anOpenIssueFor(incident), anAnnouncementFor(incident, channel)]);
}

const pending = async () => (await desk.store.outbox.status()).pending;

describe('what talks to those outside', () => {
  it('tells everybody what is committed, as soon as it is woken', async () => {
    const telling = teller();
    const end = telling.start();
    await declare();
    telling.wake();

    await expect.poll(pending).toBe(0);
    expect(desk.github.issues()).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
    await end();
  });

  it('tells at its end what is due, and gives the leases back', async () => {
    const end = teller().start();
    await declare();

    await end();

    expect(await pending()).toBe(0);
    expect(await desk.store.outbox.lease('github', 'next', new Date(), 1)).toBe(true);
    expect(await desk.store.outbox.lease('webhook:chat', 'next', new Date(), 1)).toBe(true);
  });

  it('says what nobody tells because its notifier is configured no longer', async () => {
    await declare('webhook:pager');

    const end = teller().start();

    await expect
      .poll(() => logged)
      .toContain('webhook:pager is not configured: 1 of its effects stay untold');
    await end();
  });
});
