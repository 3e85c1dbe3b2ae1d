import { expect, it } from 'vitest';
import { type Effect, ISSUES, type Telling } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { effectMarker, incidentMarker, wrapBlock } from '../../src/core/markers.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { anAnnouncementFor, anIncident } from '../build/incident.ts';
import type { GitHubStandIn } from '../testbed/github/stand-in.ts';
import type { Witness } from '../testbed/github/witness.ts';
import { startReceiver } from '../testbed/webhook/receiver.ts';
import { openDesk } from './desk.ts';
import { Dead, mortalStore } from './mortal.ts';
import { notifiersFor, senderFor } from './sender.ts';

const GO_ON = new AbortController().signal;
const BACKOFF = { firstMs: 1, mostMs: 5, quarantineMs: 20, pauseMs: 1, longestPauseMs: 5 };
const FIRST = 'first life';

/**
 * A life that ends at one of its points, counted from 1: before and after each call of the store and of the notifier, and
 * before and after GitHub carries out each of its requests. A dead process does nothing more, and hears nothing.
 */
class Life {
  points = 0;
  readonly #diesAt: number;

  constructor(diesAt: number) {
    this.#diesAt = diesAt;
  }

  readonly isOver = (): boolean => {
    this.points += 1;
    return this.points >= this.#diesAt;
  };

  readonly live = (): void => {
    if (this.isOver()) throw new Dead();
  };

  /** What GitHub sees of it: requests of other lives are none of its business. */
  readonly witness: Witness = {
    arrived: ({ headers }) => headers['user-agent']?.startsWith(FIRST) === true && this.isOver(),
    committed: ({ headers }) => headers['user-agent']?.startsWith(FIRST) === true && this.isOver(),
  };

  mortal(notifier: Notifier): Notifier {
    return {
      ...notifier,
      deliver: async (request) => {
        this.live();
        const receipt = await notifier.deliver(request);
        this.live();
        return receipt;
      },
    };
  }
}

/** One of every kind that GitHub is told, in the order of a story, and announcements of it. */
function storyOf(incident: Incident, github: GitHubStandIn): readonly Effect[] {
  let revision = 0;
  const told = (telling: (id: string) => Telling): Effect => {
    revision += 1;
    const { id, ...head } = { ...anAnnouncementFor(incident), notifier: ISSUES, revision };
    return {
      id,
      incident: head.incident,
      revision,
      createdAt: head.createdAt,
      notifier: ISSUES,
      ...telling(id),
    };
  };
  const comment = (text: string) => told((id) => ({ kind: 'comment', body: `${effectMarker(id)}\n${text}` }));
  const [from, to] = ['one hub', 'many hubs'];
  const blocks = (status: string) => ({ status });
  const other = github.human.file('another incident');
  const duplicateOf = { number: other, url: `${github.url}/${github.repository}/issues/${other}` };
  const effects = [
    told(() => ({
      kind: 'open-issue',
      title: from,
      labels: ['support', 'criterion: server'],
      body: `${incidentMarker(incident.id)}\n\n${wrapBlock('status', 'broken')}`,
    })),
    comment('one'),
    told(() => ({
      kind: 'update-issue',
      blocks: blocks('wider'),
      title: { from, to },
      addLabels: ['flapping'],
    })),
    told(() => ({ kind: 'close-issue', blocks: blocks('well'), reason: 'completed', duplicateOf: null })),
    told(() => ({ kind: 'reopen-issue', blocks: blocks('broken again') })),
    comment('two'),
    told(() => ({ kind: 'close-issue', blocks: blocks('merged'), reason: 'duplicate', duplicateOf })),
  ];
  const announced = [1, 7].map((at) => ({ ...anAnnouncementFor(incident, 'webhook:pager'), revision: at }));
  return [...effects, ...announced];
}

/** Tells a whole story with a process that dies at this point, then with one that lives. */
async function tellWithDeathAt(diesAt: number) {
  const life = new Life(diesAt);
  await using desk = await openDesk({ witness: life.witness });
  await using receiver = await startReceiver();
  const { store, github } = desk;
  const incident = anIncident();
  const story = storyOf(incident, github);
  await desk.declare(incident, story);

  const webhook = {
    name: 'pager',
    format: 'json',
    address: async () => receiver.url,
    secret: async () => null,
  } as const;
  const sendersOf = (userAgent: string, isMortal: boolean) =>
    notifiersFor(github, { userAgent, webhooks: [webhook] }).map((notifier) =>
      isMortal
        ? senderFor(mortalStore(store, life.live), life.mortal(notifier), userAgent, { backoff: BACKOFF })
        : senderFor(store, notifier, userAgent, { backoff: BACKOFF }),
    );
  let died = false;
  for (const sender of sendersOf(FIRST, true)) {
    await sender.pass(GO_ON).catch((error: unknown) => {
      if (!(error instanceof Dead)) throw error;
      died = true;
    });
    if (died) break;
  }
  const { points } = life;
  for (const { name } of notifiersFor(github, { webhooks: [webhook] }))
    await store.outbox.release(name, FIRST);

  const second = sendersOf('second life', false);
  await expect
    .poll(
      async () => {
        for (const sender of second) await sender.pass(GO_ON);
        return (await store.outbox.status()).pending;
      },
      { interval: 5, timeout: 60_000 },
    )
    .toBe(0);
  const announced = story.filter(({ kind }) => kind === 'announce').map(({ id }) => id);
  return {
    died,
    points,
    ours: github.issues().filter(({ body }) => body.startsWith(incidentMarker(incident.id))),
    known: (await store.incident(incident.id))?.issue,
    announcedOnce: receiver.once().map(({ headers }) => headers['webhook-id']),
    announced,
  };
}

it(
  'leaves one issue, each comment once and in order, wherever the process dies',
  { timeout: 900_000 },
  async () => {
    const { points, died } = await tellWithDeathAt(Infinity);
    expect(died).toBe(false);
    // Far more than the calls of the store alone: requests to GitHub are among them.
    expect(points).toBeGreaterThan(100);

    for (let diesAt = 1; diesAt <= points; diesAt += 1) {
      const told = await tellWithDeathAt(diesAt);

      expect.soft(told.died, `dies at ${diesAt}`).toBe(true);
      expect.soft(told.ours, `issues after a death at ${diesAt}`).toHaveLength(1);
      const [issue] = told.ours;
      const comments = issue?.comments.map(({ body }) => body.split('\n')[1]);
      expect.soft(comments, `comments after a death at ${diesAt}`).toEqual(['one', 'two']);
      expect.soft(issue, `state after a death at ${diesAt}`).toMatchObject({
        title: 'many hubs',
        state: 'closed',
        state_reason: 'duplicate',
        labels: ['support', 'criterion: server', 'flapping'],
        body: expect.stringContaining(wrapBlock('status', 'merged')),
      });
      expect.soft(told.known?.number, `known after a death at ${diesAt}`).toBe(issue?.number);
      expect.soft(told.announcedOnce, `announced after a death at ${diesAt}`).toEqual(told.announced);
    }
  },
);
