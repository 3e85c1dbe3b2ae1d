import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notifier } from '../../src/notify/notifier.ts';
import { aCommentFor, anAnnouncementFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { type Receiver, startReceiver } from '../testbed/webhook/receiver.ts';
import { again, deliver, failureOf, notifierAt } from './desk.ts';
import { anEditOf } from './effects.ts';

let github: GitHubStandIn;
let receiver: Receiver;
beforeEach(async () => {
  github = await startGitHub();
  receiver = await startReceiver();
});
afterEach(async () => {
  await github.stop();
  await receiver[Symbol.asyncDispose]();
});

function webhook(): Notifier {
  const address = async () => receiver.url;
  const chat = { name: 'chat', format: 'json' as const, address, secret: async () => 'secret' };
  const [notifier] = notifierAt(github, { webhooks: [chat] }).others;
  if (notifier === undefined) throw new Error('there is no webhook');
  return notifier;
}

const NOTIFIERS: readonly (readonly [string, () => Notifier])[] = [
  ['github', () => notifierAt(github).notifier],
  ['webhook:chat', webhook],
  ['log', () => notifierAt(github, { github: null }).notifier],
];

/** What the outbox relies on, whoever is told. */
describe.each(NOTIFIERS)('the notifier %s', (name, make) => {
  it('has a name for logs and metrics', () => {
    expect(make().name).toBe(name);
  });

  it('says that all is well', async () => {
    expect(await make().check(AbortSignal.timeout(5_000))).toEqual({ ok: true });
  });

  it('tells a whole incident, and says of each effect whether it had been told', async () => {
    const notifier = make();
    const incident = anIncident();
    const opened = await deliver(notifier, incident, anOpenIssueFor(incident));
    const known = { ...incident, issue: opened.issue ?? null };

    const receipts = [
      await deliver(notifier, known, anEditOf(known, 'update-issue', 'recovering')),
      await deliver(notifier, known, aCommentFor(known)),
      await deliver(notifier, known, anEditOf(known, 'close-issue', 'well')),
      await deliver(notifier, known, anEditOf(known, 'reopen-issue', 'broken')),
      await deliver(notifier, known, anAnnouncementFor(known, name)),
    ];

    expect([opened, ...receipts].map(({ adopted }) => typeof adopted)).toEqual(Array(6).fill('boolean'));
    expect(receipts.every(({ issue }) => issue === undefined)).toBe(true);
  });

  it('may be asked twice for the same', async () => {
    const notifier = make();
    const incident = anIncident();
    const effect = anOpenIssueFor(incident);

    const first = await deliver(notifier, incident, effect);
    const second = await deliver(notifier, incident, effect, again());

    expect(second.issue).toEqual(first.issue);
  });

  it('ends with the signal, and says what is known of it', async () => {
    github.faults.set('hang');
    receiver.behave({ kind: 'hang' });
    const notifier = make();
    const incident = anIncident();
    const effect = name === 'webhook:chat' ? anAnnouncementFor(incident) : anOpenIssueFor(incident);
    const delivery = deliver(notifier, incident, effect, { signal: AbortSignal.timeout(200) });

    // The log is quicker than any signal.
    if (name === 'log') expect(await delivery).toEqual({ adopted: false });
    else expect(await failureOf(delivery)).toMatchObject({ done: 'unknown' });
  });

  it('shows issues and sweeps only where it keeps them, and costs nothing where there is nothing', async () => {
    const notifier = make();
    const signal = AbortSignal.timeout(5_000);

    expect(await notifier.sightings({ incidents: [], signal })).toEqual([]);
    expect(await notifier.sweep({ repeated: [], signal })).toEqual({ duplicates: [], moved: [] });
    expect([...github.requests(), ...receiver.received]).toEqual([]);
  });
});

it('without GitHub only the log is told', async () => {
  const { notifier, logged } = notifierAt(github, { github: null });
  const incident = anIncident();

  const receipt = await deliver(notifier, incident, anOpenIssueFor(incident));

  expect(receipt).toEqual({ adopted: false });
  expect(logged).toHaveLength(1);
  expect(github.requests()).toEqual([]);
});
