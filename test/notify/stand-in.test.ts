import { Octokit } from '@octokit/rest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';

/** What the unmodified client sees of the stand-in has to be what it sees of GitHub. */
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const at = { owner: 'demo', repo: 'infrastructure' };
let github: GitHubStandIn;
let client: Octokit;
beforeEach(async () => {
  github = await startGitHub();
  client = new Octokit({ auth: github.token, baseUrl: github.url, log: quiet });
});
afterEach(() => github.stop());

const { issues } = new Octokit().rest;
const create = (title = 't', fields: Partial<Parameters<typeof issues.create>[0]> = {}) =>
  client.rest.issues.create({ ...at, title, body: 'b', ...fields });

async function statusOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => 'fulfilled',
    (error: unknown) => (error instanceof Error && 'status' in error ? error.status : error),
  );
}

describe('errors as documented', () => {
  it.each<readonly [string, number, () => Promise<unknown>]>([
    [
      'a wrong token',
      401,
      () => new Octokit({ auth: 'x', baseUrl: github.url, log: quiet }).rest.repos.get(at),
    ],
    ['an unknown repository', 404, () => client.rest.repos.get({ owner: 'demo', repo: 'infrastructure-2' })],
    ['an unknown issue', 404, () => client.rest.issues.get({ ...at, issue_number: 9 })],
    ['a body that is too long', 422, () => create('t', { body: 'x'.repeat(65_537) })],
    ['a title that is too long', 422, () => create('x'.repeat(257))],
    ['no title', 422, () => create('')],
    ['a label twice', 422, async () => [await label(), await label()]],
    ['a label with a long name', 422, () => label('x'.repeat(51))],
    [
      'an unknown assignee',
      404,
      () => client.rest.issues.checkUserCanBeAssigned({ ...at, assignee: 'nobody' }),
    ],
  ])('%s gives %d', async (_, status, request) => {
    expect(await statusOf(request())).toBe(status);
  });

  const label = (name = 'a') => client.rest.issues.createLabel({ ...at, name });

  it.each<readonly [GitHubFault, unknown, number]>([
    ['down', 500, 0],
    ['error-before-commit', 502, 0],
    ['error-after-commit', 502, 1],
    ['reset-after-commit', 500, 1],
    ['body-cut', 'fulfilled', 1],
    ['captive-portal', 'fulfilled', 0],
    ['rate-limited', 403, 0],
    ['too-many-requests', 429, 0],
    ['used-up', 403, 0],
    ['revoked-token', 401, 0],
    ['rate-limited-silently', 403, 0],
    ['too-many-requests-until', 429, 0],
    ['unprocessable', 422, 0],
    ['read-only-token', 403, 0],
    ['issues-off', 410, 0],
  ])('%s looks like %s, and leaves %d issues', async (fault, status, left) => {
    github.faults.set(fault);

    expect(await statusOf(create())).toBe(status);
    expect(github.issues()).toHaveLength(left);
  });

  it('carries out late what it refused', async () => {
    github.faults.set('late-commit', { lateMs: 50 });

    expect(await statusOf(create())).toBe(502);
    expect(github.issues()).toHaveLength(0);

    await expect.poll(() => github.issues().length).toBe(1);
  });

  it('takes its time', async () => {
    github.faults.set('slow', { slowMs: 150 });
    const startedAt = performance.now();
    await create();
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
  });

  it('answers nothing at all', async () => {
    github.faults.set('hang');
    const request = create('t', { request: { signal: AbortSignal.timeout(100) } });
    expect(await statusOf(request)).toBe(500);
  });
});

describe('issues', () => {
  it('makes labels that nobody made, in grey', async () => {
    const { data } = await create('t', { labels: ['new'] });

    expect(data.labels).toMatchObject([{ name: 'new', color: 'ededed' }]);
    expect((await client.rest.issues.listLabelsForRepo(at)).data).toHaveLength(1);
  });

  it('are created twice when asked twice', async () => {
    await create();
    await create();
    expect(github.issues()).toHaveLength(2);
  });

  it('are listed newest first over pages that link to each other', async () => {
    for (const title of ['one', 'two', 'three']) await create(title);

    const found = await client.paginate(client.rest.issues.listForRepo, { ...at, per_page: 2 });

    expect(found.map(({ title }) => title)).toEqual(['three', 'two', 'one']);
  });

  it('are listed open ones first asked for, all when asked so', async () => {
    await create();
    await client.rest.issues.update({ ...at, issue_number: 1, state: 'closed', state_reason: 'not_planned' });

    expect((await client.rest.issues.listForRepo(at)).data).toEqual([]);
    expect((await client.rest.issues.listForRepo({ ...at, state: 'all' })).data).toMatchObject([
      { state: 'closed', state_reason: 'not_planned' },
    ]);
  });

  it('are not listed for a while when the list is stale', async () => {
    github.faults.set('stale-list', { staleMs: 100 });
    await create();
    const count = async () => (await client.rest.issues.listForRepo(at)).data.length;

    expect(await count()).toBe(0);
    await expect.poll(count).toBe(1);
  });

  it('that were moved forward to their place, and nothing below them does', async () => {
    await create('moved');
    const number = github.human.move(1);

    const { data } = await client.rest.issues.get({ ...at, issue_number: 1 });

    expect(data).toMatchObject({ number, title: 'moved', url: expect.stringContaining('demo/elsewhere') });
    expect(await statusOf(client.rest.issues.createComment({ ...at, issue_number: 1, body: 'b' }))).toBe(404);
  });

  it('that were deleted are gone', async () => {
    await create();
    github.human.delete(1);
    expect(await statusOf(client.rest.issues.get({ ...at, issue_number: 1 }))).toBe(410);
  });

  it('come back with the line endings of a browser after a human edited them', async () => {
    await create();
    github.human.edit(1, 'a\nb');
    expect((await client.rest.issues.get({ ...at, issue_number: 1 })).data.body).toBe('a\r\nb');
  });

  it('keep labels by adding and taking off', async () => {
    await create('t', { labels: ['a'] });
    const issue = { ...at, issue_number: 1 };

    await client.rest.issues.addLabels({ ...issue, labels: ['b'] });
    await client.rest.issues.removeLabel({ ...issue, name: 'a' });

    expect(github.issue(1).labels).toEqual(['b']);
    expect(await statusOf(client.rest.issues.removeLabel({ ...issue, name: 'a' }))).toBe(404);
  });
});

describe('comments', () => {
  it('are listed per issue and per repository, and can be changed', async () => {
    await create();
    const { data } = await client.rest.issues.createComment({ ...at, issue_number: 1, body: 'one' });
    github.human.comment(1, 'two');

    await client.rest.issues.updateComment({ ...at, comment_id: data.id, body: 'uno' });

    const ofIssue = await client.rest.issues.listComments({ ...at, issue_number: 1 });
    const ofAll = await client.rest.issues.listCommentsForRepo(at);
    expect(ofIssue.data.map(({ body, user }) => [user?.login, body])).toEqual([
      ['hubcanary[bot]', 'uno'],
      ['maren', 'two'],
    ]);
    expect(ofAll.data).toEqual(ofIssue.data);
  });

  it('are listed from a moment on', async () => {
    await create();
    github.human.comment(1, 'now');
    const since = (ms: number) => new Date(Date.now() + ms).toISOString();
    const count = async (from: string) =>
      (await client.rest.issues.listComments({ ...at, issue_number: 1, since: from })).data.length;

    expect([await count(since(-60_000)), await count(since(60_000))]).toEqual([1, 0]);
  });
});

describe('around it', () => {
  it('says who we are, and who may be assigned', async () => {
    expect((await client.rest.users.getAuthenticated()).data.login).toBe('hubcanary[bot]');
    expect(await statusOf(client.rest.issues.checkUserCanBeAssigned({ ...at, assignee: 'maren' }))).toBe(
      'fulfilled',
    );
  });

  it('counts requests down', async () => {
    const left = async () => Number((await client.rest.repos.get(at)).headers['x-ratelimit-remaining']);
    const before = await left();
    expect(await left()).toBe(before - 1);
  });

  it('says that nothing changed', async () => {
    await create();
    const { headers } = await client.rest.issues.listForRepo(at);
    const ask = { ...at, headers: { 'if-none-match': headers.etag ?? '' } };

    expect(await statusOf(client.rest.issues.listForRepo(ask))).toBe(304);
    await create();
    expect(await statusOf(client.rest.issues.listForRepo(ask))).toBe('fulfilled');
  });

  it('shows an issue to people, with nothing foreign alive and no marker visible', async () => {
    const body =
      '<!-- mark -->\n### Summary\n\n| | |\n|---|---|\n| **Status** | `<b>broken</b>` |\n\n- [ ] find out\n\n<script>alert(1)</script>';
    await create('t', { body, labels: ['support'] });
    const page = await (await fetch(`${github.url}/${github.repository}/issues/1`)).text();

    expect(page).toContain('<h3>Summary</h3>');
    expect(page).toContain('<td><b>Status</b></td><td><code>&#60;b&#62;broken&#60;/b&#62;</code></td>');
    expect(page).toContain('<input type="checkbox" disabled>');
    expect(page).toContain('support');
    expect(page).not.toMatch(/<script|mark --/);
  });
});
