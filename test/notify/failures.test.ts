import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concernsAll } from '../../src/notify/github/explain.ts';
import { aCommentFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { again, deliver, failureOf, notifierAt } from './desk.ts';

let github: GitHubStandIn;
beforeEach(async () => void (github = await startGitHub()));
afterEach(() => github.stop());

const incident = anIncident();
const effect = anOpenIssueFor(incident);

describe('a failed delivery', () => {
  it.each<readonly [GitHubFault, 'nothing' | 'unknown', RegExp]>([
    ['down', 'unknown', /GitHub did not answer when asked to open an issue/],
    ['error-before-commit', 'unknown', /502/],
    ['error-after-commit', 'unknown', /502/],
    ['reset-after-commit', 'unknown', /did not answer/],
    ['late-commit', 'unknown', /502/],
    ['body-cut', 'unknown', /answer when asked to open an issue was cut off/],
    ['captive-portal', 'unknown', /was cut off or is no JSON/],
    ['rate-limited', 'nothing', /refused to open an issue: rate limit reached \(403\)/],
    ['too-many-requests', 'nothing', /rate limit reached \(429\)/],
    ['used-up', 'nothing', /rate limit reached \(403\)/],
    ['revoked-token', 'nothing', /the token is not valid \(401\). Check github.auth/],
    ['read-only-token', 'nothing', /may not do that in demo\/infrastructure .*Issues: read and write/],
    ['issues-off', 'nothing', /issues are switched off in demo\/infrastructure/],
  ])('on %s is %s: it says so, and holds no secret', async (fault, done, message) => {
    github.faults.set(fault);

    const failure = await failureOf(deliver(notifierAt(github).notifier, incident, effect));

    expect(failure).toMatchObject({ done, message: expect.stringMatching(message) });
    expect(inspect(failure, { depth: 10 })).not.toContain(github.token);
  });

  it('passes on when GitHub wants to be asked again', async () => {
    const { notifier } = notifierAt(github);
    const wishes: Record<string, number | null> = {};
    for (const fault of ['rate-limited', 'too-many-requests', 'used-up'] as const) {
      github.faults.clear();
      github.faults.set(fault, { resetSeconds: 1_800 });
      wishes[fault] = (await failureOf(deliver(notifier, incident, effect))).retryAfterMs;
    }

    expect(wishes).toMatchObject({ 'rate-limited': 1_000, 'too-many-requests': null });
    expect(wishes['used-up']).toBeGreaterThan(1_790_000);
    expect(wishes['used-up']).toBeLessThan(1_802_000);
  });

  it('bounds a wish that can only be a mistake', async () => {
    github.faults.set('used-up', { resetSeconds: 1_000_000 });

    expect((await failureOf(deliver(notifierAt(github).notifier, incident, effect))).retryAfterMs).toBe(
      3_600_000,
    );
  });

  it('does not wait for an answer for ever, even if nobody calls it off', async () => {
    github.faults.set('hang');
    const { notifier } = notifierAt(github, { answerWithinMs: 100 });

    const { signal } = new AbortController();
    const failure = await failureOf(deliver(notifier, incident, effect, { signal }));

    expect(failure).toMatchObject({ done: 'unknown', message: expect.stringContaining('did not answer') });
  });

  it('ends with the signal, also in the middle of a look', async () => {
    github.faults.set('hang');
    const stop = new AbortController();
    const { notifier } = notifierAt(github);
    const delivery = deliver(notifier, incident, effect, { ...again(), signal: stop.signal });
    await expect.poll(() => github.requests().length).toBe(1);

    stop.abort();

    expect((await failureOf(delivery)).done).toBe('nothing');
    expect(github.requests()).toHaveLength(1);
  });

  it('sends a request once: repeating is not its business', async () => {
    github.faults.set('error-after-commit');

    await failureOf(deliver(notifierAt(github).notifier, incident, effect));

    expect(github.issues()).toHaveLength(1);
    expect(github.requests().filter(({ path }) => path.endsWith('/issues'))).toHaveLength(1);
  });

  it('names a missing secret, and nothing was done', async () => {
    const auth = async () => Promise.reject(new Error('/run/secrets/github: no such file'));
    const { notifier } = notifierAt(github, { auth });

    expect(await failureOf(deliver(notifier, incident, effect))).toMatchObject({
      done: 'nothing',
      message: expect.stringContaining('/run/secrets/github'),
    });
  });
});

describe('asking whether all is well', () => {
  const check = (changes = {}) => notifierAt(github, changes).notifier.check(AbortSignal.timeout(5_000));

  it.each<readonly [GitHubFault, boolean, RegExp]>([
    ['revoked-token', true, /401/],
    ['issues-off', true, /issues are switched off/],
    ['down', false, /did not answer/],
    ['captive-portal', false, /no JSON/],
    ['rate-limited', false, /rate limit/],
    ['too-many-requests', false, /rate limit/],
  ])('on %s: somebody has to mend it is %s', async (fault, refused, why) => {
    github.faults.set(fault);

    expect(await check()).toEqual({ ok: false, refused, why: expect.stringMatching(why) });
  });

  it('names a missing secret', async () => {
    const auth = async () => Promise.reject(new Error('/run/secrets/github: no such file'));

    expect(await check({ auth })).toMatchObject({
      refused: true,
      why: expect.stringContaining('no such file'),
    });
  });
});

describe('credentials', () => {
  it('are taken as they are now', async () => {
    let token = 'ghp_old';
    const { notifier } = notifierAt(github, { auth: async () => ({ kind: 'token', token }) });
    expect((await failureOf(deliver(notifier, incident, effect))).done).toBe('nothing');

    token = github.token;

    expect((await deliver(notifier, incident, effect)).issue?.number).toBe(1);
  });

  it('of an app give one token for many deliveries', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const auth = async () => ({ kind: 'app' as const, id: 1, installation: 2, privateKey: key });
    const { notifier } = notifierAt(github, { auth });

    const { issue = null } = await deliver(notifier, incident, effect);
    await deliver(notifier, { ...incident, issue }, aCommentFor(incident));

    expect(github.issue(1).comments).toHaveLength(1);
    const asked = github.requests().filter(({ path }) => path.endsWith('/access_tokens'));
    expect(asked).toHaveLength(1);
  });

  it('of an app that make no sense are named as the cause', async () => {
    const auth = async () => ({ kind: 'app' as const, id: 1, installation: 2, privateKey: 'not a key' });
    const { notifier } = notifierAt(github, { auth });

    const failure = await failureOf(deliver(notifier, incident, effect));

    expect(failure.message).toMatch(/could not be asked .*Check github.auth/);
    expect(failure.message).not.toContain('not a key');
  });
});

describe('a failed look at one issue', () => {
  it.each<[status: number, message: string, concernsAll: boolean]>([
    [401, 'Bad credentials', true],
    [429, 'Too many requests', true],
    [403, 'You have exceeded a secondary rate limit', true],
    [403, 'Resource not accessible by personal access token', false],
    [404, 'Not Found', false],
    [502, 'Bad Gateway', false],
  ])('with %d %s ends the look at all of them: %s', (status, message, expected) => {
    expect(concernsAll(Object.assign(new Error(message), { status }))).toBe(expected);
  });

  it('that was not even sent ends it', () => {
    expect(concernsAll(new Error('the key is no key'))).toBe(true);
  });
});
