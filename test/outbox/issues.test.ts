import { monotonicFactory } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { type IssuesParts, createIssues } from '../../src/monitor/issues.ts';
import { createMonitor } from '../../src/monitor/monitor.ts';
import { createSweeper } from '../../src/monitor/sweep.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { anEventOf, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { VirtualClock } from '../testbed/github/clock.ts';
import { anEffectOf } from '../notify/effects.ts';
import { type Desk, openDesk } from './desk.ts';
import { notifiersFor, senderFor } from './sender.ts';
import { NOBODY } from '../build/observer.ts';

const SOON = () => AbortSignal.timeout(20_000);
let clock: VirtualClock;
let desk: Desk;
let notifier: Notifier;
let incident: Incident;
const duplicates: string[] = [];
const logged: string[] = [];
beforeEach(async () => {
  clock = new VirtualClock(new Date('2026-11-25T12:00:00Z'));
  desk = await openDesk({ clock });
  [notifier] = notifiersFor(desk.github, { now });
  incident = anIncident();
  duplicates.length = 0;
  logged.length = 0;
  await desk.declare(incident, [anOpenIssueFor(incident)]);
  await sender().pass(SOON());
  await settle();
});
afterEach(() => desk[Symbol.asyncDispose]());

const now = () => new Date(clock.now());
const sender = () => senderFor(desk.store, notifier, 'test', { now });
/** Long enough for what we did to be taken for settled. */
const settle = async () => clock.advanceTo(clock.now() + 61_000);
const stored = async () => (await desk.store.incident(incident.id)) ?? incident;
const kinds = async () => (await desk.store.incidentEvents(incident.id)).map(({ kind }) => kind);

/** The watch, and the monitor that records what it sees. */
function issues(changes: Partial<IssuesParts> = {}) {
  const monitor = createMonitor({
    store: desk.store,
    hubs: [hub()],
    criteria: CRITERIA_IN_TESTS,
    maintenance: [],
    publicUrl: null,
    labels: [],
    channels: ['webhook:chat'],
    reachable: async () => null,
    now,
    newId: monotonicFactory(),
    observer: NOBODY,
    log: (_, text) => void logged.push(text),
    wakeOutbox: () => {},
    requestRun: () => true,
    confirmationLimits: { atOnce: 99, atOncePerCluster: 99, spreadMs: 0 },
  });
  return createIssues({
    store: desk.store,
    notifier,
    observer: { duplicate: (kind) => void duplicates.push(kind) },
    log: (_, text) => void logged.push(text),
    now,
    sighted: (sightings) => monitor.sighted(sightings),
    ...changes,
  });
}

/** What follows from what was seen is told, and settles. */
async function goOn(): Promise<void> {
  await sender().pass(SOON());
  await settle();
}

/** Something is decided: the incident goes on, with this to tell. */
async function decide(effects: readonly Effect[]): Promise<void> {
  const before = await stored();
  const after = { ...before, revision: before.revision + 1 };
  const events = [anEventOf(after, { kind: 'joined' })];
  const told = effects.map((effect) => ({ ...effect, revision: after.revision }));
  await desk.store.commit({
    run: null,
    verdicts: [],
    incidents: [after],
    events,
    effects: told,
    proven: null,
  });
}

describe('what people do on GitHub', () => {
  it('is not what we decided while it was read which incidents there are', async () => {
    const { outbox } = desk.store;
    let isDecided = false;
    /** After whatever is read first: the incident is resolved, and its issue is still open. */
    const after = async <T>(read: Promise<T>): Promise<T> => {
      const result = await read;
      if (!isDecided) {
        isDecided = true;
        const before = await stored();
        const resolved = { ...before, state: 'resolved' as const, resolvedAt: now().toISOString() };
        await desk.store.commit({
          run: null,
          verdicts: [],
          incidents: [{ ...resolved, revision: before.revision + 1 }],
          events: [anEventOf({ ...resolved, revision: before.revision + 1 }, { kind: 'resolved' })],
          effects: [
            { ...anEffectOf(before, { kind: 'comment', body: 'over' }), revision: before.revision + 1 },
          ],
          proven: null,
        });
      }
      return result;
    };
    const watch = issues({
      store: {
        ...desk.store,
        commit: (commit) => desk.store.commit(commit),
        liveIncidents: () => after(desk.store.liveIncidents()),
        outbox: { ...outbox, unsettled: (name, since) => after(outbox.unsettled(name, since)) },
      },
    });

    await watch.look(SOON());

    expect(isDecided).toBe(true);
    expect(await kinds()).toEqual(['declared', 'issue-opened', 'resolved']);
  });

  it('is read: who takes it, who closes it, who opens it again', async () => {
    const watch = issues();
    await watch.look(SOON());
    expect(await kinds()).toEqual(['declared', 'issue-opened']);

    desk.github.human.assign(1, ['maren']);
    await watch.look(SOON());
    expect(await stored()).toMatchObject({ state: 'acknowledged', assignees: ['maren'] });
    expect(logged.join()).toContain('maren');
    await goOn();

    desk.github.human.close(1, 'not_planned');
    await watch.look(SOON());
    expect(await stored()).toMatchObject({ state: 'dismissed' });
    await goOn();
    expect(desk.github.issue(1)).toMatchObject({ state: 'closed', state_reason: 'not_planned' });

    desk.github.human.reopen(1);
    await watch.look(SOON());
    await goOn();
    expect(await kinds()).toEqual([
      'declared',
      'issue-opened',
      'acknowledged',
      'dismissed',
      'reopened-by-human',
    ]);
    expect(desk.github.issue(1).state).toBe('open');
  });

  it('is followed: moved, then deleted', async () => {
    const watch = issues();
    await watch.look(SOON());
    const number = desk.github.human.move(1);
    clock.advanceTo(clock.now() + 600_000);
    await watch.look(SOON());
    expect((await stored()).issue).toMatchObject({ number, url: expect.stringContaining('elsewhere') });
  });

  it('shows on the issue itself, told as everything else is', async () => {
    desk.github.human.assign(1, ['maren']);

    await issues().look(SOON());

    expect((await desk.store.outbox.next('github', now()))?.effect).toMatchObject({ kind: 'update-issue' });
  });

  it('is not mixed up with what we do ourselves: nothing is judged while we still tell, or just told', async () => {
    const watch = issues();
    const close = { kind: 'close-issue', blocks: {}, reason: 'completed', duplicateOf: null } as const;
    await decide([anEffectOf(incident, close)]);
    await watch.look(SOON());
    await sender().pass(SOON());
    expect(desk.github.issue(1).state).toBe('closed');
    clock.advanceTo(clock.now() + 59_000);
    await watch.look(SOON());
    expect(await kinds()).toEqual(['declared', 'issue-opened', 'joined']);

    // The decision that closed it would have resolved it too; here it did not, so that it counts as somebody else's.
    await settle();
    await watch.look(SOON());
    expect((await kinds()).at(-1)).toBe('closed-by-human');
  });

  it('is judged anew when something was decided while it was looked at', async () => {
    desk.github.human.close(1, 'not_planned');
    const raced: Notifier = {
      ...notifier,
      async sightings(request) {
        const seen = await notifier.sightings(request);
        await decide([]);
        return seen;
      },
    };

    await issues({ notifier: raced }).look(SOON());
    expect(await kinds()).toEqual(['declared', 'issue-opened', 'joined']);

    await issues().look(SOON());
    expect(await stored()).toMatchObject({ state: 'dismissed' });
  });

  it('is looked at again when it could not be seen, and the log says so', async () => {
    const stop = new AbortController();
    desk.github.faults.set('down');
    const watch = issues();
    const running = watch.run(stop.signal);
    await expect.poll(() => logged.join('\n')).toContain('could not be looked at');

    desk.github.faults.clear();
    desk.github.human.close(1, 'not_planned');
    watch.wake();
    await expect.poll(async () => (await stored()).state).toBe('dismissed');
    stop.abort();
    await running;
  });
});

describe('what was told twice', () => {
  const sweeper = () =>
    createSweeper({
      store: desk.store,
      notifier,
      observer: { duplicate: (kind) => void duplicates.push(kind) },
      log: (_, text) => void logged.push(text),
      now,
    });

  /** Its answer is lost, it comes late all the same, and meanwhile it was sent again. */
  async function openLate(lateMs: number): Promise<Incident> {
    const late = anIncident({ criterion: 'login' });
    await desk.declare(late, [anOpenIssueFor(late)]);
    desk.github.faults.set('late-commit', { lateMs });
    await sender().pass(SOON());
    desk.github.faults.clear();
    clock.advanceTo(clock.now() + 120_000);
    await sender().pass(SOON());
    return (await desk.store.incident(late.id)) ?? late;
  }

  it('is found when it comes late, closed as a duplicate, and counted', async () => {
    const late = await openLate(30 * 60_000);
    expect(late.issue?.number).toBe(2);
    const sweep = sweeper();
    await settle();
    expect(await sweep.sweep(SOON())).toBe(0);
    clock.advanceTo(clock.now() + 40 * 60_000);
    expect(desk.github.issues()).toHaveLength(3);

    expect(await sweep.sweep(SOON())).toBe(1);

    expect(desk.github.issue(3)).toMatchObject({ state: 'closed', state_reason: 'duplicate' });
    expect(duplicates).toEqual(['issue']);
  });

  it('is looked for at its times, and not in between', async () => {
    await openLate(30 * 60_000);
    const sweep = sweeper();
    await settle();
    await sweep.sweep(SOON());
    const asked = async (minutes: number) => {
      clock.advanceTo(clock.now() + minutes * 60_000);
      const before = desk.github.requests().length;
      await sweep.sweep(SOON());
      return desk.github.requests().length > before;
    };

    expect([await asked(5), await asked(5), await asked(1), await asked(9)]).toEqual([
      false,
      true,
      false,
      true,
    ]);
    expect([await asked(24 * 60), await asked(60)]).toEqual([true, false]);
  });

  it('asks nothing when everything went well the first time', async () => {
    const before = desk.github.requests().length;
    expect(await sweeper().sweep(SOON())).toBe(0);
    expect(desk.github.requests()).toHaveLength(before);
  });

  it('is the one that stays when it is the first: the incident is on record with it, then the other goes', async () => {
    const late = anIncident({ criterion: 'login' });
    await desk.declare(late, [anOpenIssueFor(late)]);
    desk.github.faults.set('error-after-commit');
    await sender().pass(SOON());
    desk.github.faults.clear();
    // The list does not show it for longer than we wait.
    clock.advanceTo(clock.now() + 120_000);
    desk.github.faults.set('stale-list', { staleMs: 600_000 });
    await sender().pass(SOON());
    desk.github.faults.clear();
    expect((await desk.store.incident(late.id))?.issue?.number).toBe(3);
    const sweep = sweeper();
    await settle();

    expect(await sweep.sweep(SOON())).toBe(1);
    expect((await desk.store.incident(late.id))?.issue?.number).toBe(2);
    await settle();
    expect(await sweep.sweep(SOON())).toBe(1);

    expect(desk.github.issue(3)).toMatchObject({ state: 'closed', state_reason: 'duplicate' });
    expect(desk.github.issue(2).state).toBe('open');
  });

  it('waits while something is told of the incident, and is not forgotten', async () => {
    await openLate(60 * 60_000);
    const sweep = sweeper();
    // It was told just now.
    expect(await sweep.sweep(SOON())).toBe(0);
    const before = desk.github.requests().length;
    await settle();
    await sweep.sweep(SOON());
    expect(desk.github.requests().length).toBeGreaterThan(before);
  });
});
