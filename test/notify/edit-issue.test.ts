import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { wrapBlock } from '../../src/core/markers.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { again, deliver, failureOf, notifierAt } from './desk.ts';
import { anEditOf, anEffectOf } from './effects.ts';

let github: GitHubStandIn;
let incident: Incident;
const BODY = `intro\n\n${wrapBlock('status', 'broken')}\n\nend`;
beforeEach(async () => {
  github = await startGitHub();
  const declared = anIncident();
  const effect = anOpenIssueFor(declared);
  if (effect.kind !== 'open-issue') throw new Error('not an issue');
  const { issue = null } = await deliver(notifierAt(github).notifier, declared, { ...effect, body: BODY });
  incident = { ...declared, issue };
});
afterEach(() => github.stop());

const update = (status = 'recovering') =>
  deliver(notifierAt(github).notifier, incident, anEditOf(incident, 'update-issue', status));
const close = () => deliver(notifierAt(github).notifier, incident, anEditOf(incident, 'close-issue', 'well'));
const patches = () => github.requests().filter(({ method }) => method === 'PATCH');

describe('bringing an issue up to date', () => {
  it('changes our block and not a letter around it', async () => {
    await update();

    expect(github.issue(1).body).toBe(BODY.replace('broken', 'recovering'));
    expect(github.issue(1).state).toBe('open');
  });

  it('keeps labels, title and words of a human', async () => {
    github.human.relabel(1, ['urgent']);
    github.human.edit(1, `${BODY}\nseen by maren`);

    await update();

    expect(github.issue(1)).toMatchObject({
      labels: ['urgent'],
      body: expect.stringContaining('seen by maren'),
    });
    expect(github.issue(1).body).toContain(wrapBlock('status', 'recovering'));
  });

  it('leaves a block out that a human removed, and asks for no change', async () => {
    github.human.edit(1, 'only words');

    expect(await update()).toEqual({ adopted: true });

    expect(github.issue(1).body).toBe('only words');
    expect(patches()).toEqual([]);
  });

  it('changes nothing that is so already', async () => {
    await update();
    expect(await update()).toEqual({ adopted: true });
    expect(patches()).toHaveLength(1);
  });

  it.each<GitHubFault>(['captive-portal', 'body-cut'])('is not taken for done on %s', async (fault) => {
    github.faults.set(fault);

    expect((await failureOf(update())).message).toMatch(/was cut off or is no JSON/);
  });
});

describe('closing an issue', () => {
  it('closes as completed with the last state of things', async () => {
    await close();

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(github.issue(1).body).toContain(wrapBlock('status', 'well'));
  });

  it('leaves the reason for which a human closed it', async () => {
    github.human.close(1, 'not_planned');

    await close();

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect(github.issue(1).body).toContain(wrapBlock('status', 'well'));
  });

  it('asks for nothing when it is closed and up to date', async () => {
    await close();

    expect(await close()).toEqual({ adopted: true });
    expect(patches()).toHaveLength(1);
  });

  it('closes even where people wrote so much that our block no longer fits', async () => {
    github.human.edit(1, `${BODY}${'x'.repeat(65_536 - BODY.length - 4)}`);
    const effect = anEditOf(incident, 'close-issue', 'a much longer status than before');

    await deliver(notifierAt(github).notifier, incident, effect);

    expect(github.issue(1)).toMatchObject({ state: 'closed', body: expect.stringContaining('broken') });
  });
});

describe('closing as a duplicate', () => {
  const duplicate = (duplicateOf: Incident['issue']) =>
    deliver(
      notifierAt(github).notifier,
      incident,
      anEffectOf(incident, {
        kind: 'close-issue',
        blocks: { status: 'merged' },
        reason: 'duplicate',
        duplicateOf,
      }),
    );

  it('says of which issue', async () => {
    const number = github.human.file('the one that goes on');

    await duplicate({ number, url: `${github.url}/${github.repository}/issues/${number}` });

    expect(github.issue(1)).toMatchObject({
      state: 'closed',
      state_reason: 'duplicate',
      duplicateOf: github.issue(number).id,
    });
  });

  it.each([
    ['is not known', () => null],
    ['is not there', () => ({ number: 99, url: `${github.url}/${github.repository}/issues/99` })],
  ])('closes also when the other %s', async (_, other) => {
    await duplicate(other());

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'duplicate', duplicateOf: null });
  });

  it('closes as not planned where the server does not know duplicates', async () => {
    github.faults.set('no-duplicate-reason');

    await duplicate(null);

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  });
});

describe('opening an issue again', () => {
  const reopen = () =>
    deliver(notifierAt(github).notifier, incident, anEditOf(incident, 'reopen-issue', 'broken again'));

  it('opens what was closed as completed, with the present state of things', async () => {
    await close();

    expect(await reopen()).toEqual({ adopted: false });

    expect(github.issue(1)).toMatchObject({ state: 'open', state_reason: 'reopened' });
    expect(github.issue(1).body).toContain(wrapBlock('status', 'broken again'));
  });

  it('is done when a human was quicker', async () => {
    await close();
    await reopen();

    expect(await reopen()).toEqual({ adopted: true });
    expect(patches()).toHaveLength(2);
  });

  it.each(['not_planned', 'duplicate'] as const)(
    'respects a human who closed it as %s, and says so',
    async (reason) => {
      github.human.close(1, reason);

      expect(await reopen()).toEqual({
        adopted: false,
        left: `the issue stays closed: a human closed it as ${reason}`,
      });

      expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: reason });
    },
  );
});

describe('what else an update may bring', () => {
  const told = (more: Partial<Extract<Effect, { kind: 'update-issue' }>>, make = notifierAt(github)) =>
    deliver(make.notifier, incident, anEffectOf(incident, { kind: 'update-issue', blocks: {}, ...more }));
  const title = () => github.issue(1).title;

  it('is a new title, where the old one still stands', async () => {
    const from = title();
    await told({ title: { from, to: 'all hubs of gke-1' } });
    expect(title()).toBe('all hubs of gke-1');

    expect(await told({ title: { from, to: 'all hubs of gke-1' } })).toEqual({ adopted: true });
  });

  it('is no new title where a human wrote one', async () => {
    const from = title();
    github.human.retitle(1, 'the proxy is down');

    await told({ title: { from, to: 'all hubs of gke-1' } });

    expect(title()).toBe('the proxy is down');
  });

  it('are labels, added to those of humans, with their looks', async () => {
    github.human.relabel(1, ['urgent']);

    await told({ addLabels: ['flapping', 'urgent'] });

    expect(github.issue(1).labels).toEqual(['urgent', 'flapping']);
    expect(github.labels()).toContainEqual(
      expect.objectContaining({ name: 'flapping', description: expect.any(String) }),
    );
    expect(patches()).toEqual([]);
  });

  it('are labels of ours that no longer hold, and no others', async () => {
    github.human.relabel(1, ['urgent', 'flapping']);

    await told({ removeLabels: ['flapping', 'gone already'] });

    expect(github.issue(1).labels).toEqual(['urgent']);
  });

  it.each<GitHubFault>(['label-error', 'label-drop'])('is told all the same on %s', async (fault) => {
    github.faults.set(fault);

    await told({ blocks: { status: 'recovering' }, addLabels: ['flapping'] });

    expect(github.issue(1).body).toContain(wrapBlock('status', 'recovering'));
  });
});

describe('a locked issue', () => {
  it('takes no comment: that is said, and the rest goes on', async () => {
    github.human.lock(1);

    expect(await deliver(notifierAt(github).notifier, incident, aCommentFor(incident))).toEqual({
      adopted: true,
      left: 'the issue is locked: it takes no comment',
    });
    await close();

    expect(github.issue(1)).toMatchObject({ state: 'closed', comments: [] });
  });
});

describe('a repository with another name', () => {
  it('is followed, reading and writing', async () => {
    github.human.rename('demo/platform');
    const { notifier } = notifierAt(github);
    await deliver(notifier, incident, aCommentFor(incident));
    await close();
    const other = anIncident();

    const { issue } = await deliver(notifier, other, anOpenIssueFor(other));

    expect(github.issue(1)).toMatchObject({ state: 'closed', comments: [{}] });
    expect(issue?.url).toBe(`${github.url}/demo/platform/issues/2`);
  });
});

describe('an issue that is no longer where it was', () => {
  const tellings = () => [
    anEditOf(incident, 'update-issue', 'a'),
    aCommentFor(incident),
    anEditOf(incident, 'close-issue', 'b'),
  ];

  it('is let go when a human deleted it, and the receipt says so', async () => {
    github.human.delete(1);
    const { notifier } = notifierAt(github);

    for (const effect of tellings())
      expect(await deliver(notifier, incident, effect)).toEqual({
        adopted: true,
        left: 'the incident has no issue any more',
      });
  });

  it('is followed to where a human moved it', async () => {
    const number = github.human.move(1);
    const { notifier } = notifierAt(github);

    for (const effect of tellings()) await deliver(notifier, incident, effect);

    const moved = github.issue(number, github.otherRepository);
    expect(moved).toMatchObject({ state: 'closed', body: expect.stringContaining(wrapBlock('status', 'b')) });
    expect(moved.comments).toHaveLength(1);
  });

  it('gets a comment once where it was moved', async () => {
    const effect = aCommentFor(incident);
    const { notifier } = notifierAt(github);
    await deliver(notifier, incident, effect);
    const number = github.human.move(1);

    expect(await deliver(notifier, incident, effect, again())).toEqual({ adopted: true });

    expect(github.issue(number, github.otherRepository).comments).toHaveLength(1);
  });

  it('is looked for where it was opened when another repository is configured since', async () => {
    const repository = { repository: github.otherRepository, apiUrl: github.url };
    const { notifier } = notifierAt(github, { github: repository });
    const stranger = anIncident();
    await deliver(notifier, stranger, anOpenIssueFor(stranger));

    await deliver(notifier, incident, anEditOf(incident, 'close-issue', 'well'));

    expect(github.issue(1, github.otherRepository).state).toBe('open');
    expect(github.issue(1).state).toBe('closed');
  });

  it('is not given up while the repository is hidden or takes no issues', async () => {
    github.faults.set('issues-off');
    for (const effect of tellings()) {
      expect(await failureOf(deliver(notifierAt(github).notifier, incident, effect))).toMatchObject({
        done: 'nothing',
      });
    }
  });

  it('is not given up for a single wrong answer', async () => {
    const answers = { wrong: 1 };
    github.faults.byChance(({ method, url }) =>
      method === 'GET' && url.endsWith('/issues/1') && answers.wrong-- > 0 ? 'issues-off' : null,
    );
    const { notifier } = notifierAt(github);
    const closing = anEditOf(incident, 'close-issue', 'well');

    expect(await failureOf(deliver(notifier, incident, closing))).toMatchObject({ done: 'nothing' });
    await deliver(notifier, incident, closing);

    expect(github.issue(1).state).toBe('closed');
  });

  it('needs nothing when there never was one', async () => {
    const none = { ...incident, issue: null };
    const { notifier } = notifierAt(github);

    expect(await deliver(notifier, none, aCommentFor(none))).toMatchObject({ left: expect.any(String) });
  });
});
