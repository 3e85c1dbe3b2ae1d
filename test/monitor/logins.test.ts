import { describe, expect, it } from 'vitest';
import { nextLogin } from '../../src/core/logins.ts';
import { countLogins, underLoginCeiling } from '../../src/monitor/logins.ts';
import type { Queue, RunRequest } from '../../src/queue/queue.ts';
import { aRun } from '../build/run.ts';
import { at } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { openWorld } from './world.ts';

const capped = hub({
  maxLoginsPerHour: 2,
  secondAccount: { username: 'probe-2', password: { env: 'B' } },
});

describe('nextLogin', () => {
  const when = (...minutes: number[]) => minutes.map((minute) => new Date(at(minute)));

  it.each<[logins: readonly number[], now: number, next: number | null]>([
    [[], 0, null],
    [[0], 10, null],
    [[0, 10], 20, 60],
    [[10, 0], 20, 60],
    [[0, 10], 60, null],
    [[0, 10, 30], 59, 70],
    [[0, 10, 30], 69, 70],
    [[0, 10, 30], 70, null],
  ])('after logins at %j, at %i: %s', (logins, now, next) => {
    expect(nextLogin(when(...logins), 2, new Date(at(now)))).toEqual(
      next === null ? null : new Date(at(next)),
    );
  });
});

describe('the ceiling of logins', () => {
  function aQueue(inFlight: readonly RunRequest[] = []) {
    const taken: RunRequest[] = [];
    const offer: Queue['offer'] = (request) => {
      taken.push(request);
      return { kind: 'closed' };
    };
    const flights = inFlight.map(
      (request) => ({ id: 'R', request, state: 'running', queuedAt: '', startedAt: '' }) as const,
    );
    const rest = {
      flight: () => null,
      follow: () => null,
      finished: () => null,
      onChange: () => () => {},
      close: async () => {},
    };
    return { taken, queue: { ...rest, offer, flights: () => flights } };
  }
  const request = (change: Partial<RunRequest> = {}): RunRequest => ({
    hub: 'staging',
    trigger: 'schedule',
    attempt: 1,
    probes: null,
    because: 'a test',
    ...change,
  });

  it.each(['schedule', 'confirm', 'demand', 'alert'] as const)('holds for a run by %s', async (trigger) => {
    const { store } = await openWorld();
    const now = () => new Date(at(30));
    const logins = await countLogins(store, [capped], now);
    const { queue, taken } = aQueue();
    const under = underLoginCeiling(queue, { hubs: [capped], logins });

    under.offer(request({ trigger }));
    logins.note(capped, 'probe');
    under.offer(request({ trigger }));
    logins.note(capped, 'probe');

    expect(under.offer(request({ trigger }))).toEqual({ kind: 'login-limit', next: new Date(at(90)) });
    expect(taken).toHaveLength(2);
  });

  it('counts each account by itself, and the same account of another entry with it', async () => {
    const { store } = await openWorld();
    const twin = { ...capped, name: 'twin' };
    const hubs = [capped, twin];
    const logins = await countLogins(store, hubs, () => new Date(at(30)));
    const { queue } = aQueue();
    const under = underLoginCeiling(queue, { hubs, logins });
    logins.note(capped, 'probe');
    logins.note(twin, 'probe');

    expect(under.offer(request()).kind).toBe('login-limit');
    expect(under.offer(request({ hub: 'twin' })).kind).toBe('login-limit');
    expect(under.offer(request({ account: 'second' })).kind).toBe('closed');
  });

  it('is not forgotten over a restart', async () => {
    const { store } = await openWorld();
    const nothing = { verdicts: [], incidents: [], events: [], effects: [], proven: null };
    for (const minute of [1, 20]) {
      await store.commit({
        ...nothing,
        run: aRun({ account: 'probe', startedAt: at(minute), finishedAt: at(minute) }),
      });
    }

    const logins = await countLogins(store, [capped], () => new Date(at(30)));

    expect(logins.next(capped, 'probe')).toEqual(new Date(at(61)));
    expect(logins.next(capped, 'probe-2')).toBeNull();
  });

  it('does not keep anybody from the run that is in flight', async () => {
    const { store } = await openWorld();
    const logins = await countLogins(store, [capped], () => new Date(at(30)));
    const { queue } = aQueue([request()]);
    logins.note(capped, 'probe');
    logins.note(capped, 'probe');

    expect(underLoginCeiling(queue, { hubs: [capped], logins }).offer(request()).kind).toBe('closed');
  });

  it('is nowhere where none is configured', async () => {
    const { store } = await openWorld();
    const free = hub();
    const logins = await countLogins(store, [free], () => new Date(at(30)));
    for (let count = 0; count < 99; count += 1) logins.note(free, 'probe');

    expect(logins.next(free, 'probe')).toBeNull();
  });
});
