import { expect, it } from 'vitest';
import { wrapBlock } from '../../src/core/markers.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import type { Store } from '../../src/store/store.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { anEditOf } from '../notify/effects.ts';
import { openDesk } from './desk.ts';
import { notifierFor, senderFor } from './sender.ts';

const GO_ON = new AbortController().signal;
const BACKOFF = { firstMs: 1, mostMs: 5, quarantineMs: 20, pauseMs: 1, longestPauseMs: 5 };

class Dead extends Error {}

/** Dies before or after one call of the sender to the outside, counted from 1, and never speaks again. */
function mortal(store: Store, notifier: Notifier, diesAt: number) {
  let boundary = 0;
  const live = () => {
    boundary += 1;
    if (boundary >= diesAt) throw new Dead();
  };
  const around = <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) => {
    return async (...given: Arguments) => {
      live();
      const result = await call(...given);
      live();
      return result;
    };
  };
  const { outbox } = store;
  return {
    boundaries: () => boundary,
    notifier: { ...notifier, deliver: around(notifier.deliver) } satisfies Notifier,
    store: {
      incident: around(store.incident),
      outbox: {
        lease: around(outbox.lease),
        release: around(outbox.release),
        next: around(outbox.next),
        nextDue: around(outbox.nextDue),
        sending: around(outbox.sending),
        delivered: around(outbox.delivered),
        failed: around(outbox.failed),
        status: around(outbox.status),
        pause: around(outbox.pause),
        unsettled: around(outbox.unsettled),
        repeated: around(outbox.repeated),
      },
    } satisfies Pick<Store, 'incident' | 'outbox'>,
  };
}

/** Tells a whole incident with a sender that dies at this boundary, then with one that lives. */
async function tellWithDeathAt(diesAt: number) {
  await using desk = await openDesk();
  const { store, github } = desk;
  const incident = anIncident();
  const issue = anOpenIssueFor(incident);
  const body = `${issue.kind === 'open-issue' ? issue.body : ''}\n${wrapBlock('status', 'broken')}`;
  const effects = [
    { ...issue, body } as typeof issue,
    aCommentFor(incident, 'one'),
    { ...aCommentFor(incident, 'two'), revision: 2 },
    { ...anEditOf(incident, 'close-issue', 'well'), revision: 3 },
  ];
  await desk.declare(incident, effects);
  const first = mortal(store, notifierFor(github), diesAt);
  const died = await senderFor(first.store, first.notifier, 'first', { backoff: BACKOFF })
    .pass(GO_ON)
    .then(
      () => false,
      (error: unknown) => error instanceof Dead,
    );
  await store.outbox.release('github', 'first');

  const second = senderFor(store, notifierFor(github), 'second', { backoff: BACKOFF });
  await expect
    .poll(
      async () => {
        await second.pass(GO_ON);
        return (await store.outbox.status()).pending;
      },
      { interval: 5, timeout: 5_000 },
    )
    .toBe(0);
  const { issue: known } = (await store.incident(incident.id)) ?? {};
  return { died, boundaries: first.boundaries(), issues: structuredClone(github.issues()), known };
}

it('leaves one issue, each comment once and in order, wherever the sender dies', async () => {
  const { boundaries, died } = await tellWithDeathAt(Infinity);
  expect(died).toBe(false);
  // Lease, next, sending, deliver, delivered for four effects, before and after each; and a last lease and next.
  expect(boundaries).toBe(4 * 5 * 2 + 4);

  for (let diesAt = 1; diesAt <= boundaries; diesAt += 1) {
    const told = await tellWithDeathAt(diesAt);

    expect.soft(told.died, `dies at ${diesAt}`).toBe(true);
    expect.soft(told.issues, `issues after a death at ${diesAt}`).toHaveLength(1);
    const [issue] = told.issues;
    const comments = issue?.comments.map(({ body }) => body.split('\n')[1]);
    expect.soft(comments, `comments after a death at ${diesAt}`).toEqual(['one', 'two']);
    expect.soft(issue?.state, `state after a death at ${diesAt}`).toBe('closed');
    expect.soft(told.known?.number, `known after a death at ${diesAt}`).toBe(1);
  }
});
