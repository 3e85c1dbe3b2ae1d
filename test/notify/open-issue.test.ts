import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { again, deliver, failureOf, notifierAt } from './desk.ts';

let github: GitHubStandIn;
beforeEach(async () => void (github = await startGitHub()));
afterEach(() => github.stop());

const incident = anIncident();
const effect = { ...anOpenIssueFor(incident), labels: ['type: Hub Incident', 'criterion: server'] };

describe('opening an issue', () => {
  it('sends title, body and labels, and says where the issue is', async () => {
    const { notifier } = notifierAt(github);

    const receipt = await deliver(notifier, incident, effect);

    expect(receipt).toEqual({
      issue: { number: 1, url: `${github.url}/${github.repository}/issues/1` },
      adopted: false,
    });
    expect(github.issue(1)).toMatchObject({ labels: ['type: Hub Incident', 'criterion: server'] });
  });

  it('opens none for what was over for good before it could be tried, and says so', async () => {
    const { notifier } = notifierAt(github);
    const over = { ...incident, state: 'closed' as const };

    expect(await deliver(notifier, over, effect)).toEqual({
      adopted: false,
      left: expect.stringContaining('was over for good before GitHub could be told'),
    });
    expect(github.issues()).toEqual([]);

    await deliver(notifier, over, effect, again());
    // It may still come back to its issue.
    await deliver(notifier, { ...incident, state: 'resolved' }, { ...effect, id: 'another' });
    expect(github.issues()).toHaveLength(2);
  });

  it('makes its own label with a colour and leaves the others to GitHub, asking once', async () => {
    const { notifier } = notifierAt(github);

    await deliver(notifier, incident, effect);
    await deliver(notifier, anIncident(), {
      ...anOpenIssueFor(anIncident()),
      labels: ['criterion: server'],
    } as typeof effect);

    expect(github.labels()).toMatchObject([
      { name: 'criterion: server', color: 'd93f0b' },
      { name: 'type: Hub Incident', color: 'ededed' },
    ]);
    expect(github.requests().filter(({ path }) => path.endsWith('/labels'))).toHaveLength(1);
  });

  it.each<GitHubFault>(['label-drop', 'label-error', 'label-refusal'])(
    'opens it all the same with %s: the issue counts for more than its labels',
    async (fault) => {
      github.faults.set(fault);
      const { notifier } = notifierAt(github);

      const receipt = await deliver(notifier, incident, effect);

      expect(receipt.issue?.number).toBe(1);
      expect(github.issues()).toHaveLength(1);
    },
  );

  it('adds labels that were dropped, once they are taken', async () => {
    const { notifier, logged } = notifierAt(github);
    github.faults.set('label-drop');
    await deliver(notifier, incident, effect);
    expect(github.issue(1).labels).toEqual([]);
    github.faults.clear();

    const receipt = await deliver(notifier, incident, effect, again());

    expect(receipt.adopted).toBe(true);
    expect(github.issue(1).labels).toEqual(effect.labels);
    expect(logged).toEqual([]);
  });

  it('tells how many requests are left', async () => {
    const { notifier, remaining } = notifierAt(github);

    await deliver(notifier, incident, effect);

    expect(remaining.at(-1)).toBe(5_000 - github.requests().length);
  });
});

describe('looking for the issue of an earlier attempt', () => {
  const look = (notifier = notifierAt(github).notifier) => deliver(notifier, incident, effect, again());

  it('finds it behind 120 newer ones, closed or not', async () => {
    const { notifier } = notifierAt(github);
    await deliver(notifier, incident, effect);
    github.human.close(1, 'completed');
    for (let other = 0; other < 120; other += 1) github.human.file('something else');

    const receipt = await look();

    expect(receipt).toMatchObject({ issue: { number: 1 }, adopted: true });
    expect(github.issues()).toHaveLength(121);
  });

  it('knows it by the marker of its own first line alone', async () => {
    const { notifier } = notifierAt(github);
    const other = anIncident();
    const body = `I quote:\n${effect.kind === 'open-issue' ? effect.body : ''}`;
    await deliver(notifier, other, { ...anOpenIssueFor(other), body } as typeof effect);

    expect(await look()).toMatchObject({ issue: { number: 2 }, adopted: false });
  });

  it('knows it with the line endings of a browser', async () => {
    await deliver(notifierAt(github).notifier, incident, effect);
    github.human.edit(1, `${github.issue(1).body}\nseen by maren`);

    expect(await look()).toMatchObject({ issue: { number: 1 }, adopted: true });
  });

  it('does not look before a first attempt', async () => {
    await deliver(notifierAt(github).notifier, incident, effect);

    expect(github.requests().every(({ method }) => method === 'POST')).toBe(true);
  });

  it('does not follow pages beyond what can be its own', async () => {
    const { notifier } = notifierAt(github);
    for (let other = 0; other < 101; other += 1) github.human.file('something else');
    const before = github.requests().length;

    await deliver(notifier, incident, effect, {
      maybeDone: true,
      firstAttemptAt: new Date(Date.now() + 60 * 60_000),
    });

    const lists = github
      .requests()
      .slice(before)
      .filter(({ method }) => method === 'GET');
    expect(lists).toHaveLength(1);
  });

  it.each<GitHubFault>(['list-cut', 'list-conflict', 'captive-portal', 'down'])(
    'never takes %s for an empty list',
    async (fault) => {
      await deliver(notifierAt(github).notifier, incident, effect);
      github.faults.set(fault);

      const failure = await failureOf(look());

      github.faults.clear();
      expect(github.issues()).toHaveLength(1);
      expect(failure).toMatchObject({ done: 'nothing', message: expect.stringContaining('list the issues') });
    },
  );
});

describe('a comment', () => {
  const other = aCommentFor(incident, 'hello');

  it('is found again by its marker, behind a hundred others', async () => {
    const { notifier } = notifierAt(github);
    const { issue = null } = await deliver(notifier, incident, effect);
    const known = { ...incident, issue };
    for (let human = 0; human < 110; human += 1) github.human.comment(1, 'me too');
    await deliver(notifier, known, other);

    const receipt = await deliver(notifier, known, other, again());

    expect(receipt).toEqual({ adopted: true });
    expect(github.issue(1).comments).toHaveLength(111);
  });

  it.each<GitHubFault>(['list-cut', 'list-conflict'])('is not sent again on %s', async (fault) => {
    const { notifier } = notifierAt(github);
    const { issue = null } = await deliver(notifier, incident, effect);
    const known = { ...incident, issue };
    await deliver(notifier, known, other);
    github.faults.set(fault);

    await failureOf(deliver(notifier, known, other, again()));

    expect(github.issue(1).comments).toHaveLength(1);
  });

  it('is not taken for sent when something in between answered', async () => {
    const { notifier } = notifierAt(github);
    const { issue = null } = await deliver(notifier, incident, effect);
    github.faults.set('captive-portal');

    const failure = await failureOf(deliver(notifier, { ...incident, issue }, other));

    expect(failure.done).toBe('unknown');
  });
});
