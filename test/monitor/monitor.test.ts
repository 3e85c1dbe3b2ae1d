import { describe, expect, it, vi } from 'vitest';
import { applyEvent, replay } from '../../src/core/incident-log.ts';
import { Conflict, type Store, StoreError } from '../../src/store/store.ts';
import { at, history } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { GO_ON, openWorld } from './world.ts';

const BROKEN = history('P@0 F@10 cF@11.5 cF@13').toReversed();
const HEALED = history('P@20 P@30 P@40').toReversed();

/** A store of which one method is replaced. */
function withCommit(
  store: Store,
  commit: (real: Store['commit'], ...args: Parameters<Store['commit']>) => Promise<boolean>,
) {
  return { ...store, commit: (what: Parameters<Store['commit']>[0]) => commit(store.commit, what) };
}

describe('the pipeline', () => {
  it('records runs with all that follows from them, and tells those who listen', async () => {
    const { live, store, told } = await openWorld();

    await live(BROKEN);

    expect((await store.recentRuns('staging', 10)).map(({ id }) => id)).toEqual(
      BROKEN.map(({ id }) => id).toReversed(),
    );
    const [incident] = await store.activeIncidents();
    expect(incident).toMatchObject({ criterion: 'server', startedAt: at(10), state: 'declared' });
    expect(await store.outbox.next('github', new Date(at(60)))).toMatchObject({
      effect: { kind: 'open-issue' },
    });
    expect(told).toMatchObject({ declared: [incident?.id], wakes: 1, finished: BROKEN.map(({ id }) => id) });
    expect(told.verdicts).toEqual([
      'healthy healthy',
      'healthy suspect',
      'healthy suspect',
      'healthy broken',
    ]);
    expect(await store.credentialProven('staging', 'probe')).toBe(true);
  });

  it('resolves what it declared, and the row is what the log says', async () => {
    const { live, store } = await openWorld();

    await live([...BROKEN, ...HEALED]);

    expect(await store.activeIncidents()).toEqual([]);
    const [incident] = await store.incidents({ limit: 10 });
    const events = await store.incidentEvents(incident?.id ?? '');
    expect(events.map(({ kind }) => kind)).toEqual(['declared', 'mitigated', 'resolved']);
    expect(replay(events)).toEqual(incident);
  });

  it('takes a run twice without telling it twice', async () => {
    const { live, monitor, store, told } = await openWorld();
    await live(BROKEN);
    const [last] = BROKEN.slice(-1);

    if (last !== undefined) await monitor.runEnded(last, GO_ON);

    expect(told).toMatchObject({ wakes: 1, finished: BROKEN.map(({ id }) => id) });
    expect(await store.incidents({ limit: 10 })).toHaveLength(1);
  });

  it('keeps hubs apart', async () => {
    const { live, store } = await openWorld({ hubs: [hub(), hub({ name: 'other' })] });
    const other = history('P@1 P@11', 'server', 'other').toReversed();

    await live([...BROKEN, ...other]);

    expect(
      (await store.verdicts()).map(({ hub: name, criterion, verdict }) => [name, criterion, verdict]),
    ).toEqual([
      ['other', 'login', 'healthy'],
      ['other', 'server', 'healthy'],
      ['staging', 'login', 'healthy'],
      ['staging', 'server', 'broken'],
    ]);
  });

  it('records a run of a hub that is no longer watched, and judges nothing', async () => {
    const { live, store } = await openWorld({ hubs: [] });

    await live(BROKEN);

    expect(await store.recentRuns('staging', 10)).toHaveLength(4);
    expect(await store.verdicts()).toEqual([]);
  });
});

describe('when somebody else was faster', () => {
  it('reads and decides again', async () => {
    let interrupted = false;
    const { live, store } = await openWorld({
      through: (real) =>
        withCommit(real, async (commit, what) => {
          const [incident] = what.incidents;
          if (incident?.state === 'mitigated' && !interrupted) {
            interrupted = true;
            await openIssue(real);
          }
          return commit(what);
        }),
    });

    await live([...BROKEN, ...HEALED.slice(0, 1)]);

    const [incident] = await store.activeIncidents();
    const events = await store.incidentEvents(incident?.id ?? '');
    expect(events.map(({ kind }) => kind)).toEqual(['declared', 'issue-opened', 'mitigated']);
    expect(incident).toMatchObject({ revision: 3, state: 'mitigated', issue: { number: 7 } });
  });
});

describe('when the store fails', () => {
  it('keeps the run until it is recorded', async () => {
    let failures = 3;
    const { live, store, told, monitor } = await openWorld({
      through: (real) =>
        withCommit(real, async (commit, what) => {
          if (failures === 0) return commit(what);
          failures -= 1;
          expect(monitor.status().uncommittedRuns).toBe(1);
          throw new StoreError('full', 'the disk is full');
        }),
    });

    await live(BROKEN);

    expect(await store.recentRuns('staging', 10)).toHaveLength(4);
    expect(told.storeErrors).toBe(3);
    expect(told.lines.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual(
      Array.from({ length: 3 }, () => 'nothing could be recorded: the disk is full'),
    );
    expect(monitor.status()).toEqual({ uncommittedRuns: 0, storeError: null, alarms: [] });
  });

  it('keeps the order of the runs of a hub', async () => {
    let broken = true;
    const { monitor, store, told } = await openWorld({
      through: (real) =>
        withCommit(real, (commit, what) =>
          broken ? Promise.reject(new StoreError('full', 'full')) : commit(what),
        ),
    });

    const ends = BROKEN.map((run) => monitor.runEnded(run, GO_ON));
    await vi.waitFor(() => expect(told.storeErrors).toBeGreaterThan(2));
    expect(monitor.status()).toEqual({ uncommittedRuns: 4, storeError: 'full', alarms: [] });
    broken = false;
    await Promise.all(ends);

    expect(told.finished).toEqual(BROKEN.map(({ id }) => id));
    expect(await store.activeIncidents()).toHaveLength(1);
  });

  it('gives up a few tries after it was told to stop, and puts the run into the log', async () => {
    const stop = new AbortController();
    const { monitor, told } = await openWorld({
      through: (real) => withCommit(real, () => Promise.reject(new StoreError('full', 'full'))),
      parts: { retryAfterMs: () => 60_000 },
    });
    const [run] = BROKEN;
    if (run === undefined) throw new Error('no run');

    const end = monitor.runEnded(run, stop.signal);
    await vi.waitFor(() => expect(told.storeErrors).toBe(1));
    stop.abort();
    await end;

    expect(told.lines.at(-1)).toEqual({
      level: 'error',
      text: 'the service stops before a run could be recorded',
    });
    expect(monitor.status().uncommittedRuns).toBe(0);
  });

  it('records the facts even when deciding goes wrong', async () => {
    const { live, store, told } = await openWorld({
      parts: {
        newId: () => {
          throw new Error('no more ids');
        },
      },
    });

    await live(BROKEN);

    expect(await store.recentRuns('staging', 10)).toHaveLength(4);
    expect(told.lines).toContainEqual({
      level: 'error',
      text: 'bug: nothing could be decided of one incident; what was seen is recorded all the same',
    });
  });
});

describe('when a decision can not be recorded and waiting would not help', () => {
  it('records the run, lets the others behind it go on, and raises an alarm until one goes through', async () => {
    let refuses = true;
    const { live, store, monitor, told } = await openWorld({
      through: (real) =>
        withCommit(real, async (commit, what) => {
          if (refuses && what.verdicts.length > 0) throw new Conflict('hub staging has an incident already');
          return commit(what);
        }),
    });

    await live(BROKEN);

    expect(await store.recentRuns('staging', 10)).toHaveLength(4);
    expect(await store.activeIncidents()).toEqual([]);
    const because =
      'runs are recorded, but nothing can be decided on any hub: hub staging has an incident already';
    expect(monitor.status().alarms).toEqual([{ kind: 'no-decision', hub: null, because }]);
    expect(told.lines).toContainEqual({ level: 'error', text: because });

    refuses = false;
    await monitor.evaluate();
    expect(await store.activeIncidents()).toHaveLength(1);
    expect(monitor.status().alarms).toEqual([]);
  });

  it('decides on all hubs but the one whose record is damaged', async () => {
    const { live, monitor, store, setClock } = await openWorld({
      hubs: [hub(), hub({ name: 'other' })],
      through: (real) => ({
        ...real,
        recentRuns: (name, limit) =>
          name === 'other'
            ? Promise.reject(new StoreError('corrupt', 'run 7 in the store is not what it should be'))
            : real.recentRuns(name, limit),
      }),
    });

    await live([...BROKEN, ...history('P@14', 'server', 'other')]);
    setClock(at(15));
    await monitor.evaluate();

    expect(await store.activeIncidents()).toMatchObject([{ scope: { kind: 'hub', id: 'staging' } }]);
    expect(await store.recentRuns('other', 10)).toHaveLength(1);
    expect(monitor.status().alarms).toEqual([
      {
        kind: 'no-decision',
        hub: 'other',
        because:
          'runs are recorded, but nothing can be decided on other: run 7 in the store is not what it should be',
      },
    ]);
  });
});

describe('when only time passes', () => {
  it('writes nothing as long as nothing changes', async () => {
    let commits = 0;
    const { live, monitor, setClock } = await openWorld({
      through: (real) =>
        withCommit(real, (commit, what) => {
          commits += 1;
          return commit(what);
        }),
    });
    await live(BROKEN);
    commits = 0;

    for (const minute of [14, 15, 16]) {
      setClock(at(minute));
      await monitor.evaluate('staging');
    }

    expect(commits).toBe(0);
  });

  it('looks at what is broken when maintenance ends, and declares it if it still is', async () => {
    const maintenance = [{ hubs: ['staging'], from: at(0), to: at(25), reason: 'upgrade' }];
    const { live, monitor, setClock, store, told } = await openWorld({ parts: { maintenance } });
    await live(BROKEN);

    setClock(at(25));
    await monitor.evaluate('staging');
    await vi.waitFor(() =>
      expect(told.requests.at(-1)?.because).toBe(
        "see whether users still can't start a server after the maintenance",
      ),
    );
    expect(await store.activeIncidents()).toEqual([]);
    await live(history('cF@25'));

    expect(await store.activeIncidents()).toMatchObject([{ startedAt: at(10), declaredAt: at(25.5) }]);
  });

  it('looks at every hub once a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      const { live, monitor, setClock, store } = await openWorld();
      await monitor.start();
      await live(BROKEN.slice(0, 1));
      setClock(at(60));

      vi.advanceTimersByTime(60_000);

      await vi.waitFor(async () =>
        expect(await store.verdicts()).toMatchObject([{ verdict: 'unknown' }, {}]),
      );
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('confirmations', () => {
  it('are asked for when they are due', async () => {
    const { live, monitor, setClock, told } = await openWorld();
    await live(BROKEN.slice(0, 2));
    expect(told.requests).toEqual([]);

    setClock(at(11.5));
    await monitor.evaluate('staging');

    await vi.waitFor(() => expect(told.requests).toHaveLength(1));
    expect(told.requests[0]).toEqual({
      hub: 'staging',
      trigger: 'confirm',
      account: 'second',
      attempt: 2,
      probes: null,
      because: "confirm that users can't start a server (1 of 2)",
    });
  });

  it('are asked for at once after a restart in which they became due', async () => {
    const world = await openWorld();
    await world.live(BROKEN.slice(0, 3));
    world.setClock(at(20));

    const { told } = await world.restart();

    await vi.waitFor(() => expect(told.requests).toMatchObject([{ trigger: 'confirm', attempt: 3 }]));
  });

  it('are called off by a run that passes in between', async () => {
    const { live, monitor, setClock, told } = await openWorld();
    await live(history('P@0 F@10 dP@11').toReversed());

    setClock(at(20));
    await monitor.evaluate('staging');
    await new Promise(setImmediate);

    expect(told.requests).toEqual([]);
  });
});

describe('at the start', () => {
  it('ends every run that was begun and never recorded', async () => {
    const world = await openWorld();
    const begun = {
      id: 'RUN-CUT',
      hub: 'staging',
      trigger: 'schedule' as const,
      attempt: 1,
      account: 'probe',
      startedAt: at(50),
    };
    await world.store.begin({ ...begun, criteria: ['login', 'server'] });
    world.setClock(at(52));

    const { store } = await world.restart();

    expect(await store.run('RUN-CUT')).toMatchObject({
      outcome: 'aborted',
      criteria: { login: 'unknown', server: 'unknown' },
      finishedAt: at(52),
      durationSeconds: 120,
      failure: { reason: 'aborted', attribution: 'probe', message: 'the service stopped while it ran' },
      cleanup: {
        status: 'leaked',
        left: [
          { kind: 'server', id: '' },
          { kind: 'token', id: 'RUN-CUT' },
        ],
      },
    });
    expect(await store.unfinished()).toEqual([]);
  });

  it('looks for the server that the run would have started, not for another one of the user', async () => {
    const named = hub({ server: { ...hub().server, name: 'canary' } });
    const world = await openWorld({ hubs: [named] });
    const begun = {
      id: 'RUN-CUT',
      hub: 'staging',
      trigger: 'schedule',
      attempt: 1,
      account: 'probe',
    } as const;
    await world.store.begin({ ...begun, startedAt: at(50), criteria: ['login', 'server'] });

    const { store } = await world.restart();

    expect((await store.run('RUN-CUT'))?.cleanup.left).toContainEqual({ kind: 'server', id: 'canary' });
  });

  it('knows a verdict on every criterion before the first run', async () => {
    const { monitor, store } = await openWorld();

    await monitor.start();

    expect((await store.verdicts()).map(({ criterion, verdict }) => [criterion, verdict])).toEqual([
      ['login', 'unknown'],
      ['server', 'unknown'],
    ]);
  });
});

/** What the outbox does when GitHub has answered. */
async function openIssue(store: Store): Promise<void> {
  const [incident] = await store.activeIncidents();
  const delivery = await store.outbox.next('github', new Date(at(600)));
  if (incident === undefined || delivery === null) throw new Error('there is nothing to deliver');
  const event = {
    incident: incident.id,
    revision: incident.revision + 1,
    at: at(14),
    kind: 'issue-opened' as const,
    because: 'opened as #7',
    data: { issue: { number: 7, url: 'https://github.example.org/o/r/issues/7' } },
  };
  await store.outbox.delivered(delivery.effect.id, new Date(at(14)), {
    incident: applyEvent(incident, event),
    event,
  });
}
