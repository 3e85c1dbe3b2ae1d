import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notifier } from '../../src/notify/notifier.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { again, deliver, notifierAt } from './desk.ts';
import { anEditOf } from './effects.ts';

let github: GitHubStandIn;
beforeEach(async () => void (github = await startGitHub()));
afterEach(() => github.stop());

const NOTIFIERS: readonly (readonly [string, () => Notifier])[] = [
  ['github', () => notifierAt(github).notifier],
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
    ];

    expect([opened, ...receipts].map(({ adopted }) => typeof adopted)).toEqual(Array(4).fill('boolean'));
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
});

it('without GitHub only the log is told', async () => {
  const { notifier, logged } = notifierAt(github, { github: null });
  const incident = anIncident();

  const receipt = await deliver(notifier, incident, anOpenIssueFor(incident));

  expect(receipt).toEqual({ adopted: false });
  expect(logged).toHaveLength(1);
  expect(github.requests()).toEqual([]);
});
