import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../testbed/github/clock.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';

/** Faults that show in more than a status, and what people do: seen through the unmodified client, as GitHub shows them. */
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const at = { owner: 'demo', repo: 'infrastructure' };
const first = { ...at, issue_number: 1 };
let github: GitHubStandIn;
let client: Octokit;
beforeEach(async () => {
  github = await startGitHub();
  client = new Octokit({ auth: github.token, baseUrl: github.url, log: quiet });
});
afterEach(() => github.stop());

const create = (fields: Partial<Parameters<typeof client.rest.issues.create>[0]> = {}) =>
  client.rest.issues.create({ ...at, title: 't', body: 'b', ...fields });

interface Failure {
  readonly status: number;
  readonly message: string;
  readonly response?: { readonly headers: Record<string, string> };
}

async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const result = await request.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  if (result instanceof Error && 'status' in result) return result as unknown as Failure;
  throw result;
}

describe('limits', () => {
  it.each([
    ['rate-limited', 403, '7'],
    ['rate-limited-silently', 403, undefined],
    ['too-many-requests', 429, undefined],
    ['too-many-requests-until', 429, '7'],
  ] as const)('on %s answer %d and say when to come back: %s', async (fault, status, retryAfter) => {
    github.faults.set(fault, { retryAfterSeconds: 7 });

    const failure = await failureOf(create());

    expect(failure.status).toBe(status);
    expect(failure.response?.headers['retry-after']).toBe(retryAfter);
    expect(failure.response?.headers['x-ratelimit-remaining']).not.toBe('0');
  });

  it('of an hour are used up with nothing left and the time of the next', async () => {
    github.faults.set('used-up', { resetSeconds: 90 });

    const { message, response } = await failureOf(create());

    expect(message).toMatch(/API rate limit exceeded/);
    expect(response?.headers['x-ratelimit-remaining']).toBe('0');
    const left = Number(response?.headers['x-ratelimit-reset']) - Date.now() / 1_000;
    expect(left).toBeGreaterThan(85);
    expect(left).toBeLessThan(92);
  });

  it('cost nothing for what has not changed', async () => {
    await create();
    const { headers } = await client.rest.issues.get(first);
    const ask = { ...first, headers: { 'if-none-match': headers.etag ?? '' } };

    const { status, response } = await failureOf(client.rest.issues.get(ask));

    expect(status).toBe(304);
    expect(response?.headers['x-ratelimit-remaining']).toBe(headers['x-ratelimit-remaining']);
  });

  it('on what is created are kept where that is asked for, and who does not wait is counted', async () => {
    const clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
    await using strict = await startGitHub({ clock, countsCreations: true });
    const octokit = new Octokit({ auth: strict.token, baseUrl: strict.url, log: quiet });
    const post = () => octokit.rest.issues.create({ ...at, title: 't' });
    for (let count = 0; count < 80; count += 1) await post();

    const failure = await failureOf(post());
    expect(failure).toMatchObject({ status: 403, message: expect.stringContaining('secondary') });
    expect(failure.response?.headers['retry-after']).toBe('60');
    expect(strict.ignoredWaits()).toBe(0);

    await failureOf(post());
    expect(strict.ignoredWaits()).toBe(1);

    clock.advanceTo(clock.now() + 60_000);
    await post();
    expect(strict.issues()).toHaveLength(81);
  });
});

describe('faults', () => {
  it('late commits come by the clock that is given', async () => {
    const clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
    await using still = await startGitHub({ clock });
    still.faults.set('late-commit', { lateMs: 30_000 });
    const octokit = new Octokit({ auth: still.token, baseUrl: still.url, log: quiet });
    await failureOf(octokit.rest.issues.create({ ...at, title: 't' }));

    clock.advanceTo(clock.now() + 29_999);
    expect(still.issues()).toHaveLength(0);
    clock.advanceTo(clock.now() + 1);
    expect(still.issues()).toMatchObject([{ created_at: '2026-11-25T12:00:30.000Z' }]);
  });

  it('hang after it was done', async () => {
    github.faults.set('hang-after-commit');

    await failureOf(create({ request: { signal: AbortSignal.timeout(200) } }));

    expect(github.issues()).toHaveLength(1);
  });

  it('take their time over later pages only', async () => {
    for (let count = 0; count < 2; count += 1) await create();
    github.faults.set('slow-paging', { slowMs: 150 });
    const took = async (page: number) => {
      const from = performance.now();
      await client.rest.issues.listForRepo({ ...at, per_page: 1, page });
      return performance.now() - from;
    };

    expect(await took(2)).toBeGreaterThanOrEqual(145);
    github.faults.set('slow-paging', { slowMs: 600_000 });
    await took(1);
  });

  it('revoke the token in the middle of the work', async () => {
    github.faults.set('revoked-token', { revokeAfter: 2 });
    await create();
    await create();

    expect((await failureOf(create())).status).toBe(401);
    expect((await failureOf(client.rest.issues.get(first))).status).toBe(401);
  });

  it('drop assignees without a word', async () => {
    github.faults.set('assignee-drop');
    const { data } = await create({ assignees: ['maren'] });
    expect(data.assignees).toEqual([]);
    const added = await client.rest.issues.addAssignees({ ...first, assignees: ['maren'] });
    expect(added.data.assignees).toEqual([]);
  });

  it('show an older state of things in lists, and the present one in the issue', async () => {
    const clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
    await using still = await startGitHub({ clock });
    const { rest } = new Octokit({ auth: still.token, baseUrl: still.url, log: quiet });
    await rest.issues.create({ ...at, title: 't' });
    clock.advanceTo(clock.now() + 600_000);
    still.human.close(1, 'completed');
    still.faults.set('stale-list', { staleMs: 300_000 });
    const listed = async () => (await rest.issues.listForRepo({ ...at, state: 'all' })).data[0]?.state;

    expect(await listed()).toBe('open');
    expect((await rest.issues.get(first)).data.state).toBe('closed');
    clock.advanceTo(clock.now() + 300_000);
    expect(await listed()).toBe('closed');
  });

  it('strike by chance, one request at a time', async () => {
    let count = 0;
    github.faults.byChance(({ method }) => {
      count += 1;
      return method === 'POST' && count % 2 === 0 ? 'reset-after-commit' : null;
    });

    await create();
    expect((await failureOf(create())).status).toBe(500);
    await create();
    expect(github.issues()).toHaveLength(3);
  });
});

describe('people', () => {
  it('may be assigned, and a stranger makes the whole issue be refused', async () => {
    expect((await failureOf(create({ assignees: ['stranger'] }))).status).toBe(422);
    expect(github.issues()).toHaveLength(0);
    await create({ assignees: ['maren'] });
    const { data } = await client.rest.issues.addAssignees({ ...first, assignees: ['stranger', 'ana'] });
    expect(data.assignees?.map(({ login }) => login)).toEqual(['maren', 'ana']);
  });

  it('lock an issue: it takes no comment, but it takes changes', async () => {
    await create();
    github.human.lock(1);

    const failure = await failureOf(client.rest.issues.createComment({ ...first, body: 'b' }));

    expect(failure).toMatchObject({ status: 403, message: expect.stringContaining('issue is locked') });
    expect((await client.rest.issues.update({ ...first, body: 'c' })).data).toMatchObject({ locked: true });
  });

  it.each(['completed', 'not_planned', 'duplicate'] as const)('close as %s, and reopen', async (reason) => {
    await create();
    github.human.close(1, reason);
    expect((await client.rest.issues.get(first)).data).toMatchObject({
      state: 'closed',
      state_reason: reason,
    });
    github.human.reopen(1);
    expect((await client.rest.issues.get(first)).data).toMatchObject({
      state: 'open',
      state_reason: 'reopened',
    });
  });

  it('delete a comment, and it is gone', async () => {
    await create();
    const { data } = await client.rest.issues.createComment({ ...first, body: 'b' });
    await client.rest.issues.deleteComment({ ...at, comment_id: data.id });
    expect(github.issue(1).comments).toEqual([]);
    const again = await failureOf(client.rest.issues.deleteComment({ ...at, comment_id: data.id }));
    expect(again.status).toBe(404);
  });

  it('rename the repository: everything is forwarded, reading and writing', async () => {
    await create();
    github.human.rename('demo/platform');

    const { data } = await client.rest.issues.get(first);
    await create({ title: 'second' });
    await client.rest.issues.update({ ...first, title: 'changed' });
    await client.rest.issues.createComment({ ...first, body: 'b' });

    expect(data.html_url).toBe(`${github.url}/demo/platform/issues/1`);
    expect(github.issues()).toMatchObject([
      { title: 'changed', comments: [{ body: 'b' }] },
      { title: 'second' },
    ]);
    const plain = await fetch(`${github.url}/repos/demo/infrastructure/issues/1`, {
      method: 'PATCH',
      redirect: 'manual',
      headers: { authorization: `token ${github.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(plain.status).toBe(307);
    expect(plain.headers.get('location')).toMatch(/\/repositories\/\d+\/issues\/1$/);
  });

  it('close as a duplicate of another, where the server knows that reason', async () => {
    await create();
    const { data } = await create();
    const duplicate = { state: 'closed', state_reason: 'duplicate' } as const;
    github.faults.set('no-duplicate-reason');
    expect((await failureOf(client.rest.issues.update({ ...first, ...duplicate }))).status).toBe(422);
    github.faults.clear();

    const given = { ...first, ...duplicate, duplicate_issue_id: data.id };
    await client.rest.issues.update(given);

    expect(github.issue(1)).toMatchObject({ state_reason: 'duplicate', duplicateOf: data.id });
  });
});
