import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { wrapBlock } from '../../src/core/markers.ts';
import type { Notifier, Repeated } from '../../src/notify/notifier.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { deliver, notifierAt } from './desk.ts';
import { anEditOf } from './effects.ts';

const FROM = new Date();
let github: GitHubStandIn;
let notifier: Notifier;
let incident: Incident;
let opening: Effect;
beforeEach(async () => {
  github = await startGitHub();
  ({ notifier } = notifierAt(github));
  incident = anIncident();
  const effect = anOpenIssueFor(incident);
  if (effect.kind !== 'open-issue') throw new Error('not an issue');
  opening = { ...effect, body: `${effect.body}\n\n${wrapBlock('status', 'broken')}` };
});
afterEach(() => github.stop());

/** As a late commit leaves it: opened once more. */
async function openTwice(): Promise<void> {
  await deliver(notifier, incident, opening);
  await deliver(notifier, incident, opening);
}

/** The incident knows this one. */
function knows(number: number): void {
  incident = { ...incident, issue: { number, url: `${github.url}/${github.repository}/issues/${number}` } };
}

const sweep = (effect = opening) => {
  const repeated: Repeated[] = [{ effect, incident, firstAttemptAt: FROM }];
  return notifier.sweep({ repeated, signal: AbortSignal.timeout(5_000) });
};
const duplicateOf = (number: number) => ({
  state: 'closed',
  state_reason: 'duplicate',
  duplicateOf: github.issue(number).id,
});

describe('an issue that was opened twice', () => {
  it('stays once: the first one, the other is closed as its duplicate', async () => {
    await openTwice();
    knows(1);

    expect(await sweep()).toEqual({
      duplicates: [
        { kind: 'issue', incident: incident.id, removed: `${github.url}/demo/infrastructure/issues/2` },
      ],
      moved: [],
    });

    expect(github.issue(1).state).toBe('open');
    expect(github.issue(2)).toMatchObject(duplicateOf(1));
  });

  it('is found once: a second sweep finds nothing', async () => {
    await openTwice();
    knows(1);
    await sweep();

    expect(await sweep()).toEqual({ duplicates: [], moved: [] });
  });

  it('stays as the first one also when we know the other, which is taken back once that is on record', async () => {
    await openTwice();
    knows(2);
    await deliver(notifier, incident, anEditOf(incident, 'update-issue', 'recovering'));

    const { moved } = await sweep();

    expect(moved).toMatchObject([{ incident: incident.id, issue: { number: 1 } }]);
    expect(github.issue(1).body).toContain(wrapBlock('status', 'recovering'));
    expect(github.issue(2).state).toBe('open');
    knows(1);
    expect((await sweep()).duplicates).toHaveLength(1);
    expect(github.issue(2)).toMatchObject(duplicateOf(1));
  });

  it('stays where people talk', async () => {
    await openTwice();
    knows(1);
    github.human.comment(2, 'I am on it');

    expect((await sweep()).moved).toMatchObject([{ issue: { number: 2 } }]);
    knows(2);
    await sweep();

    expect(github.issue(1)).toMatchObject(duplicateOf(2));
    expect(github.issue(2).state).toBe('open');
  });

  it('is not opened by it again when its story has ended', async () => {
    await openTwice();
    knows(2);
    await deliver(notifier, incident, anEditOf(incident, 'close-issue', 'well'));

    await sweep();

    expect(github.issue(1)).toMatchObject(duplicateOf(2));
    expect(github.issue(2)).toMatchObject({ state: 'closed', state_reason: 'completed' });
  });

  it('does not overrule a human who closed the one we know as not planned', async () => {
    await openTwice();
    knows(2);
    github.human.close(2, 'not_planned');

    await sweep();

    expect(github.issue(2)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect(github.issue(1)).toMatchObject(duplicateOf(2));
  });

  it('is closed as not planned where the server does not know duplicates, and found once', async () => {
    await openTwice();
    knows(1);
    github.faults.set('no-duplicate-reason');

    expect((await sweep()).duplicates).toHaveLength(1);
    expect(github.issue(2)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
    expect(await sweep()).toEqual({ duplicates: [], moved: [] });
  });

  it('is none when another issue only quotes it', async () => {
    await deliver(notifier, incident, opening);
    knows(1);
    github.human.file('it is down', `Look:\n${github.issue(1).body}`);

    expect(await sweep()).toEqual({ duplicates: [], moved: [] });
    expect(github.issue(2).state).toBe('open');
  });

  it.each(['down', 'list-cut', 'error-before-commit'] as const)(
    'is looked for later on %s',
    async (fault) => {
      await openTwice();
      knows(1);
      github.faults.set(fault);

      await expect(sweep()).rejects.toMatchObject({ name: 'DeliveryError' });

      github.faults.clear();
      expect((await sweep()).duplicates).toHaveLength(1);
    },
  );
});

describe('a comment that was posted twice', () => {
  it('stays once: the first', async () => {
    await deliver(notifier, incident, opening);
    knows(1);
    const comment = aCommentFor(incident, 'news');
    await deliver(notifier, incident, comment);
    github.human.comment(1, 'thanks');
    await deliver(notifier, incident, comment);

    const { duplicates } = await sweep(comment);

    expect(duplicates).toMatchObject([{ kind: 'comment', incident: incident.id }]);
    expect(github.issue(1).comments.map(({ author }) => author)).toEqual(['hubcanary[bot]', 'maren']);
    expect((await sweep(comment)).duplicates).toEqual([]);
  });

  it('needs nothing when the issue is gone', async () => {
    await deliver(notifier, incident, opening);
    knows(1);
    github.human.delete(1);

    expect(await sweep(aCommentFor(incident))).toEqual({ duplicates: [], moved: [] });
  });
});
