import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { anIncident, anOpenIssueFor } from '../build/incident.ts';
import { VirtualClock } from '../testbed/github/clock.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { deliver, notifierAt } from './desk.ts';

let clock: VirtualClock;
let github: GitHubStandIn;
let notifier: Notifier;
let logged: readonly string[];
let incidents: Incident[];
beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
  github = await startGitHub({ clock });
  ({ notifier, logged } = notifierAt(github, { now: () => new Date(clock.now()) }));
  incidents = [];
  for (let count = 0; count < 3; count += 1) {
    const incident = anIncident();
    const { issue = null } = await deliver(notifier, incident, anOpenIssueFor(incident));
    incidents.push({ ...incident, issue });
  }
});
afterEach(() => github.stop());

const minute = () => clock.advanceTo(clock.now() + 60_000);
const look = () => notifier.sightings({ incidents, signal: AbortSignal.timeout(5_000) });
const first = async () => (await look())[0];

/** What a look asked for, and what it was answered. */
async function asked(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = github.requests().length;
  await work();
  return github
    .requests()
    .slice(before)
    .map(({ path, status }) => `${path.replace(/.*\/issues\??/, '').replace(/^state.*/, 'list')} ${status}`);
}

describe('a look at the issues', () => {
  it('says how they are', async () => {
    github.human.assign(1, ['maren']);
    github.human.close(2, 'not_planned');
    github.human.lock(3);

    const at = new Date(clock.now()).toISOString();
    const plain = { at, state: 'open', stateReason: null, assignees: [], locked: false, gone: false };
    const [one, two, three] = incidents.map(({ id, issue }) => ({ ...plain, incident: id, ...issue }));
    expect(await look()).toEqual([
      { ...one, assignees: ['maren'] },
      { ...two, state: 'closed', stateReason: 'not_planned' },
      { ...three, locked: true },
    ]);
  });

  it('reads each once, and then asks one question as long as nothing changes, which costs nothing', async () => {
    expect(await asked(look)).toEqual(['list 200', '/1 200', '/2 200', '/3 200']);
    minute();
    await look();
    minute();

    const before = github.remaining();
    expect(await asked(look)).toEqual(['list 304']);
    expect(github.remaining()).toBe(before);
  });

  it('reads only what changed', async () => {
    await look();
    for (let count = 0; count < 4; count += 1) minute();
    github.human.close(2, 'completed');
    // What we did ourselves is still within the time that is looked at twice.
    expect(await asked(look)).toEqual(['list 200', '/1 304', '/2 200', '/3 304']);
    for (let count = 0; count < 4; count += 1) minute();
    github.human.reopen(2);

    expect(await asked(look)).toEqual(['list 200', '/2 200']);
    expect((await look())[1]).toMatchObject({ state: 'open', stateReason: 'reopened' });
  });

  it('looks at each again after a while, for what no list shows; unchanged that costs nothing', async () => {
    await look();
    clock.advanceTo(clock.now() + 10 * 60_000);

    const answers = await asked(look);

    expect(answers.slice(1)).toEqual(['/1 304', '/2 304', '/3 304']);
  });

  it('sees a human’s act in the issue when the list lags behind', async () => {
    await look();
    minute();
    github.faults.set('stale-list', { staleMs: 3_600_000 });
    github.human.close(1, 'not_planned');
    expect(await first()).toMatchObject({ state: 'open' });

    clock.advanceTo(clock.now() + 10 * 60_000);

    expect(await first()).toMatchObject({ state: 'closed' });
  });

  it('believes the issue and not a list that lags behind', async () => {
    github.human.close(1, 'completed');
    minute();
    github.human.reopen(1);
    await look();
    github.faults.set('stale-list', { staleMs: 30_000 });

    expect(await first()).toMatchObject({ state: 'open' });
  });
});

describe('an issue that is not where it was', () => {
  it('is found where it was moved, and watched there', async () => {
    await look();
    const number = github.human.move(1);
    clock.advanceTo(clock.now() + 10 * 60_000);
    const url = `${github.url}/${github.otherRepository}/issues/${number}`;
    expect(await first()).toMatchObject({ number, url, gone: false, state: 'open' });

    incidents = [{ ...(incidents[0] ?? anIncident()), issue: { number, url } }];
    minute();
    expect(await first()).toMatchObject({ number, url, state: 'open' });
  });

  it('is gone when it was deleted; the rest is as it was seen last', async () => {
    github.human.assign(1, ['maren']);
    await look();
    github.human.delete(1);
    clock.advanceTo(clock.now() + 10 * 60_000);

    expect(await first()).toMatchObject({ gone: true, state: 'open', assignees: ['maren'], number: 1 });
  });

  it('has another address when the repository was renamed', async () => {
    await look();
    github.human.rename('demo/platform');
    clock.advanceTo(clock.now() + 10 * 60_000);

    expect(await first()).toMatchObject({ number: 1, url: `${github.url}/demo/platform/issues/1` });
  });

  it('does not hide the others when it can’t be read, which is said once, and is seen when it can be again', async () => {
    await look();
    const [one = anIncident(), ...others] = incidents;
    const elsewhere = { number: 1, url: `${github.url}/demo/hidden/issues/1` };
    incidents = [{ ...one, issue: elsewhere }, ...others];
    minute();
    github.human.close(2, 'not_planned');
    clock.advanceTo(clock.now() + 10 * 60_000);

    const seen = await look();
    minute();
    await look();

    expect(seen.map(({ number, state }) => [number, state])).toEqual([
      [2, 'closed'],
      [3, 'open'],
    ]);
    expect(logged.filter((line) => line.includes("can't be read"))).toEqual([
      expect.stringContaining(`${elsewhere.url} can't be read`),
    ]);
    github.human.close(1, 'completed');
    incidents = [one, ...others];
    expect(await first()).toMatchObject({ number: 1, state: 'closed' });
  });

  it('is read at the next look when it could not be, though the list does not name it again', async () => {
    await look();
    minute();
    github.human.close(1, 'not_planned');
    const [one = anIncident(), ...others] = incidents;
    incidents = [{ ...one, issue: { number: 1, url: `${github.url}/demo/hidden/issues/1` } }, ...others];
    await look();
    for (let count = 0; count < 4; count += 1) minute();
    await look();

    incidents = [one, ...others];
    expect(await first()).toMatchObject({ number: 1, state: 'closed', stateReason: 'not_planned' });
  });

  it('is not gone because GitHub hides it for a while', async () => {
    await look();
    clock.advanceTo(clock.now() + 10 * 60_000);
    github.faults.set('issues-off');

    await expect(look()).rejects.toMatchObject({ name: 'DeliveryError', done: 'nothing' });
  });
});

it.each(['down', 'list-cut', 'captive-portal', 'revoked-token', 'list-conflict'] as const)(
  'on %s nothing is seen, rather than something wrong',
  async (fault) => {
    await look();
    github.faults.set(fault);
    minute();

    await expect(look()).rejects.toMatchObject({ name: 'DeliveryError' });

    github.faults.clear();
    github.human.close(1, 'not_planned');
    expect(await first()).toMatchObject({ state: 'closed' });
  },
);

it('asks nothing for nobody', async () => {
  incidents = [];
  expect(await asked(look)).toEqual([]);
});
