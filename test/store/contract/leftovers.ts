import { expect, it } from 'vitest';
import type { Owned, Run } from '../../../src/core/run.ts';
import { aRun } from '../../build/run.ts';
import { type Open, eachStore, later, nothing } from './fixture.ts';

const server: Owned = { kind: 'server', id: '' };
const named: Owned = { kind: 'server', id: 'named' };
const kernel: Owned = { kind: 'kernel', id: 'k' };
const cluster: Owned = { kind: 'cluster', id: '' };
const token: Owned = { kind: 'token', id: 'RUN' };

function runThat(
  cleanup: { left?: readonly Owned[]; removed?: readonly Owned[] },
  more: Partial<Run> = {},
): Run {
  const { left = [], removed = [] } = cleanup;
  return aRun({
    cleanup: { status: left.length === 0 ? 'clean' : 'leaked', left, removed, seconds: 1 },
    ...more,
  });
}

export function leftoversContract(open: Open): void {
  const at = eachStore(open);
  const commit = (run: Run) => at.store.commit({ ...nothing, run });
  const known = async () =>
    (await at.store.leftovers()).map(({ hub, account, kind, id }) => [hub, account, kind, id].join(' '));

  it('are known from the commit of their run on, after a restart too', async () => {
    const run = runThat({ left: [server, token] });
    await commit(run);

    await at.reopen();

    const known = { hub: 'staging', account: 'canary', run: run.id, since: run.finishedAt };
    const untried = {
      attempts: 0,
      notBefore: new Date(Date.parse(run.finishedAt) + 30_000).toISOString(),
      lastError: null,
    };
    expect(await at.store.leftovers()).toEqual([
      { ...known, ...untried, kind: 'server', id: '' },
      { ...known, ...untried, kind: 'token', id: 'RUN' },
    ]);
  });

  it('belong to the run that left them first', async () => {
    const first = runThat({ left: [server] }, { finishedAt: later(0).toISOString() });
    await commit(first);
    await commit(runThat({ left: [server] }, { finishedAt: later(60_000).toISOString() }));

    expect(await at.store.leftovers()).toMatchObject([{ run: first.id, since: first.finishedAt }]);
  });

  it.each<[removed: Owned, gone: readonly string[]]>([
    [server, ['server ', 'kernel k']],
    [named, ['server named', 'kernel k']],
    [cluster, ['cluster ']],
    [token, ['token RUN']],
    [{ kind: 'token', id: 'ANOTHER' }, ['token RUN']],
    [kernel, ['kernel k']],
    [{ kind: 'kernel', id: 'another' }, []],
  ])('are gone once %j was removed', async (removed, gone) => {
    await commit(runThat({ left: [server, named, kernel, cluster, token] }));
    const before = await known();
    await commit(runThat({ removed: [removed] }));

    const lost = before.filter((thing) => !gone.some((each) => thing === `staging canary ${each}`));
    expect((await known()).toSorted()).toEqual(lost.toSorted());
  });

  it('of another account or hub stay', async () => {
    await commit(runThat({ left: [server] }));
    await commit(runThat({ left: [server] }, { account: 'maren' }));
    await commit(runThat({ left: [server] }, { hub: 'other' }));

    await commit(runThat({ removed: [server] }));

    expect(await known()).toEqual(expect.arrayContaining(['staging maren server ', 'other canary server ']));
    expect(await known()).toHaveLength(2);
  });

  it('are not entered by a run that is recorded already', async () => {
    const run = runThat({ left: [server] });
    await commit(run);
    await at.store.leftoversGone({ hub: 'staging', account: 'canary', removed: [server] });

    await commit(run);

    expect(await known()).toEqual([]);
  });

  it('remember how often and with what cleaning up failed', async () => {
    await commit(runThat({ left: [server, token] }));
    const notBefore = later(60_000).toISOString();
    const tried = { hub: 'staging', account: 'canary', notBefore };

    await at.store.leftoversTried({ ...tried, error: 'the hub is down' });
    await at.store.leftoversTried({ ...tried, error: 'it did not stop' });

    expect(await at.store.leftovers()).toMatchObject([
      { attempts: 2, notBefore, lastError: 'it did not stop' },
      { attempts: 2, notBefore, lastError: 'it did not stop' },
    ]);
  });

  it('of a run whose account nobody noted are nobody’s', async () => {
    await commit(runThat({ left: [server] }, { account: null }));

    expect(await known()).toEqual([]);
  });
}
