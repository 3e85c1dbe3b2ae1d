import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NotifierParts } from '../../src/notify/index.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { VirtualClock } from '../testbed/github/clock.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { deliver, failureOf, notifierAt } from './desk.ts';

/** GitHub and we live by the same clock, which stands still unless somebody waits. */
let clock: VirtualClock;
let github: GitHubStandIn;
beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
  github = await startGitHub({ clock, countsCreations: true });
});
afterEach(() => github.stop());

const desk = (changes: Partial<NotifierParts> = {}) =>
  notifierAt(github, {
    now: () => new Date(clock.now()),
    pause: async (ms) => clock.advanceTo(clock.now() + ms),
    ...changes,
  }).notifier;

const writes = () => github.requests().filter(({ method }) => method !== 'GET');

/** Opens an issue for a new incident. */
function open(notifier = desk()) {
  const incident = anIncident();
  return deliver(notifier, incident, anOpenIssueFor(incident));
}

describe('between two writes', () => {
  it('a second passes, whatever is written', async () => {
    const notifier = desk({ writeGapMs: 1_000 });
    const incident = anIncident();
    const effect = { ...anOpenIssueFor(incident), labels: ['criterion: server'] } as ReturnType<
      typeof anOpenIssueFor
    >;
    const { issue = null } = await deliver(notifier, incident, effect);
    await deliver(notifier, { ...incident, issue }, aCommentFor(incident));

    const times = writes().map(({ at }) => at);
    expect(times).toHaveLength(3);
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0))).toEqual([1_000, 1_000]);
  });

  it('no time passes that has passed already', async () => {
    const notifier = desk({ writeGapMs: 1_000 });
    await open(notifier);
    clock.advanceTo(clock.now() + 5_000);
    const from = clock.now();

    await open(notifier);

    expect(clock.now()).toBe(from);
  });
});

describe('what is created', () => {
  it('stays within 80 a minute, without being told first', async () => {
    const notifier = desk();
    for (let count = 0; count < 80; count += 1) await open(notifier);

    const failure = await failureOf(open(notifier));

    expect(failure).toMatchObject({ done: 'nothing', concerns: 'notifier', retryAfterMs: 60_000 });
    expect(writes()).toHaveLength(80);
    clock.advanceTo(clock.now() + 60_000);
    await open(notifier);
    expect(github.issues()).toHaveLength(81);
  });

  it('stays within 500 an hour, the last hundred kept for declaring', async () => {
    const notifier = desk();
    const incident = anIncident();
    const { issue = null } = await deliver(notifier, incident, anOpenIssueFor(incident));
    const known = { ...incident, issue };
    const comment = () => deliver(notifier, known, aCommentFor(known));
    for (let count = 1; count < 400; count += 1) {
      clock.advanceTo(clock.now() + 1_000);
      await comment();
    }

    clock.advanceTo(clock.now() + 60_000);
    const failure = await failureOf(comment());
    expect(failure).toMatchObject({ done: 'nothing', concerns: 'effect' });
    expect(failure.retryAfterMs).toBeGreaterThan(3_000_000);
    for (let count = 0; count < 100; count += 1) {
      clock.advanceTo(clock.now() + 1_000);
      await open(notifier);
    }

    clock.advanceTo(clock.now() + 60_000);
    expect(await failureOf(open(notifier))).toMatchObject({ concerns: 'notifier' });
    expect(github.ignoredWaits()).toBe(0);
    expect(writes().filter(({ status }) => status !== 201)).toEqual([]);
  });
});

describe("when the hour's requests are used up", () => {
  it('asks nothing more until the next hour, and says so', async () => {
    const notifier = desk();
    await open(notifier);
    github.faults.set('used-up', { resetSeconds: 1_800 });
    expect(await failureOf(open(notifier))).toMatchObject({ concerns: 'notifier', retryAfterMs: 1_800_000 });
    github.faults.clear();
    const before = github.requests().length;

    const failure = await failureOf(open(notifier));

    expect(failure).toMatchObject({
      done: 'nothing',
      concerns: 'notifier',
      retryAfterMs: 1_800_000,
      message: "nothing was asked of GitHub: the hour's requests are used up",
    });
    expect(github.requests()).toHaveLength(before);
    clock.advanceTo(clock.now() + 1_800_000);
    await open(notifier);
  });

  it('knows it from an answer that was fine, before the first refusal', async () => {
    const notifier = desk();
    for (let count = 0; count < 4_999; count += 1) github.spend();
    await open(notifier);
    const before = github.requests().length;

    expect(await failureOf(open(notifier))).toMatchObject({ concerns: 'notifier' });

    expect(github.requests()).toHaveLength(before);
  });
});

it.each([
  ['rate-limited', 7_000],
  ['rate-limited-silently', null],
  ['too-many-requests', null],
  ['too-many-requests-until', 7_000],
  ['revoked-token', null],
] as const)('%s concerns all effects; again after %s', async (fault, retryAfterMs) => {
  github.faults.set(fault, { retryAfterSeconds: 7 });
  expect(await failureOf(open())).toMatchObject({ done: 'nothing', concerns: 'notifier', retryAfterMs });
});

it.each(['unprocessable', 'read-only-token', 'issues-off', 'error-after-commit', 'down'] as const)(
  '%s concerns one effect: others may fare better',
  async (fault) => {
    github.faults.set(fault);
    expect(await failureOf(open())).toMatchObject({ concerns: 'effect' });
  },
);
