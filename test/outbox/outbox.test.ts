import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { wrapBlock } from '../../src/core/markers.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { anEditOf } from '../notify/effects.ts';
import type { GitHubFault } from '../testbed/github/faults.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { notifierFor, senderFor } from './sender.ts';

/** Later than any retry. */
const FAR = new Date('9999-01-01');

let folder: string;
let store: Store;
let github: GitHubStandIn;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  github = await startGitHub();
});
afterEach(async () => {
  await store.close();
  await github.stop();
  await rm(folder, { recursive: true, force: true });
});

async function commit(incident: Incident, effects: readonly Effect[]): Promise<void> {
  const events = [anEventOf(incident)];
  await store.commit({ run: null, verdicts: [], incidents: [incident], events, effects, proven: null });
}

/** Runs a sender until nothing is left to tell. */
async function deliverAll(withinMs = 15_000): Promise<void> {
  const stop = new AbortController();
  const running = senderFor(store, notifierFor(github)).run(stop.signal);
  try {
    await expect.poll(async () => (await store.outbox.status()).pending, { timeout: withinMs }).toBe(0);
  } finally {
    stop.abort();
    await running;
  }
}

describe('declaring', () => {
  it('opens one issue with title, labels and body, and records its number with the incident', async () => {
    const incident = anIncident();
    const effect = anOpenIssueFor(incident);
    await commit(incident, [effect]);

    await deliverAll();

    expect(github.issues()).toHaveLength(1);
    expect(github.issue(1)).toMatchObject({ state: 'open', labels: ['type: Hub Incident'] });
    expect((await store.incident(incident.id))?.issue).toEqual({
      number: 1,
      url: `${github.url}/${github.repository}/issues/1`,
    });
    expect((await store.incidentEvents(incident.id)).map(({ kind }) => kind)).toEqual([
      'declared',
      'issue-opened',
    ]);
  });

  const faults: readonly GitHubFault[] = [
    'down',
    'error-before-commit',
    'error-after-commit',
    'reset-after-commit',
    'body-cut',
    'late-commit',
    'rate-limited',
    'too-many-requests',
    'revoked-token',
  ];
  it.each(faults)(
    'leaves one issue and its comments in order when GitHub is %s for a while',
    async (fault) => {
      const incident = anIncident();
      const comments = [aCommentFor(incident, 'one'), aCommentFor({ ...incident, revision: 2 }, 'two')];
      await commit(incident, [anOpenIssueFor(incident), ...comments]);
      github.faults.set(fault, { lateMs: 150 });

      const stop = new AbortController();
      const running = senderFor(store, notifierFor(github)).run(stop.signal);
      await expect
        .poll(async () => (await store.outbox.next('github', FAR))?.attempts ?? 9)
        .toBeGreaterThan(0);
      stop.abort();
      await running;
      github.faults.clear();
      await deliverAll();

      expect(github.issues()).toHaveLength(1);
      expect(github.issue(1).comments.map(({ body }) => body.split('\n')[1])).toEqual(['one', 'two']);
    },
  );

  it('puts on labels that GitHub dropped', async () => {
    const incident = anIncident();
    await commit(incident, [anOpenIssueFor(incident)]);
    github.faults.set('label-drop');
    await deliverAll();
    expect(github.requests().some(({ method, path }) => method === 'POST' && path.endsWith('/labels'))).toBe(
      true,
    );
  });

  it('waits out an answer that never comes', async () => {
    const incident = anIncident();
    await commit(incident, [anOpenIssueFor(incident)]);
    github.faults.set('hang');
    const stop = new AbortController();
    const running = senderFor(store, notifierFor(github)).run(stop.signal);
    await expect.poll(async () => (await store.outbox.next('github', FAR))?.attempts).toBe(1);

    stop.abort();
    await running;
    github.faults.clear();
    await deliverAll();

    expect(github.issues()).toHaveLength(1);
  });

  it('waits out the quarantine after a crash in the middle of a request, then looks before it sends', async () => {
    const incident = anIncident();
    const effect = anOpenIssueFor(incident);
    await commit(incident, [effect]);
    await store.outbox.sending(effect.id, new Date());

    await senderFor(store, notifierFor(github)).pass(AbortSignal.timeout(5_000));
    expect(github.requests()).toEqual([]);

    await deliverAll();
    expect(github.requests()[0]).toMatchObject({ method: 'GET' });
    expect(github.issues()).toHaveLength(1);
  });

  it('is not held up by another incident that GitHub refuses', async () => {
    const [long, short] = [anIncident(), anIncident({ criterion: 'login' })];
    const tooLong = { ...anOpenIssueFor(long), body: 'x'.repeat(70_000) } as Effect;
    await commit(long, [tooLong]);
    await commit(short, [anOpenIssueFor(short)]);
    const sender = senderFor(store, notifierFor(github));

    await sender.pass(AbortSignal.timeout(5_000));

    expect(github.issues()).toHaveLength(1);
    expect((await store.outbox.status()).lastError).toMatch(/GitHub refused to open an issue: 422/);
  });

  it('is done by one of two senders', async () => {
    const incidents = (['login', 'server', 'dask'] as const).map((criterion) => anIncident({ criterion }));
    for (const incident of incidents) await commit(incident, [anOpenIssueFor(incident)]);
    const senders = ['a', 'b'].map((holder) => senderFor(store, notifierFor(github), holder));

    await Promise.all(senders.map((sender) => sender.pass(AbortSignal.timeout(5_000))));

    expect(github.issues()).toHaveLength(3);
  });
});

describe('keeping an issue true', () => {
  async function declared(body: string) {
    const incident = anIncident();
    const effect = { ...anOpenIssueFor(incident), body: anOpenIssueFor(incident).kind } as Effect;
    await commit(incident, [{ ...effect, body } as Effect]);
    await deliverAll();
    return (await store.incident(incident.id)) ?? incident;
  }

  const update = (incident: Incident, kind: 'update-issue' | 'close-issue', status: string) =>
    store.commit({
      run: null,
      verdicts: [],
      incidents: [{ ...incident, revision: incident.revision + 1 }],
      events: [anEventOf({ ...incident, revision: incident.revision + 1 }, { kind: 'mitigated' })],
      effects: [{ ...anEditOf(incident, kind, status), revision: incident.revision + 1 }],
      proven: null,
    });

  it('changes our block and keeps what a human wrote, line endings of the browser included', async () => {
    const incident = await declared(`intro\n${wrapBlock('status', 'old')}\nend`);
    github.human.edit(1, `${github.issue(1).body}\nseen by maren`);

    await update(incident, 'update-issue', 'new');
    await deliverAll();

    expect(github.issue(1).body).toContain('seen by maren');
    expect(github.issue(1).body).toContain(wrapBlock('status', 'new'));
    expect(github.issue(1).body).not.toContain('old');
  });

  it('closes as completed', async () => {
    const incident = await declared(wrapBlock('status', 'old'));

    await update(incident, 'close-issue', 'well again');
    await deliverAll();

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'completed' });
  });

  it('leaves a human’s decision to close as it is', async () => {
    const incident = await declared(wrapBlock('status', 'old'));
    github.human.close(1, 'not_planned');

    await update(incident, 'close-issue', 'well again');
    await deliverAll();

    expect(github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });
  });

  it('lets go of an issue that a human deleted', async () => {
    const incident = await declared(wrapBlock('status', 'old'));
    github.human.delete(1);

    await update(incident, 'close-issue', 'well again');
    await deliverAll();

    expect((await store.outbox.status()).pending).toBe(0);
  });
});

describe('asking GitHub whether all is well', () => {
  const check = (changes: Partial<GitHubStandIn> = {}) =>
    notifierFor({ ...github, ...changes }).check(AbortSignal.timeout(5_000));

  it('is fine', async () => {
    expect(await check()).toEqual({ ok: true });
  });

  it.each([
    ['a wrong token', { token: 'wrong' }, /the token is not valid \(401\). Check github.auth/],
    [
      'a wrong repository',
      { repository: 'demo/nowhere' },
      /demo\/nowhere is not there or the token may not see it/,
    ],
  ])('says what is wrong with %s, and no secret', async (_, changes, why) => {
    const result = await check(changes);

    expect(result).toMatchObject({ ok: false, why: expect.stringMatching(why) });
    expect(JSON.stringify(result)).not.toContain(github.token);
  });
});
