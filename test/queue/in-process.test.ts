import * as fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run-event.ts';
import { TRIGGERS } from '../../src/core/run.ts';
import { openQueue } from '../../src/queue/index.ts';
import type { Execute, Flight, Queue, RunRequest } from '../../src/queue/queue.ts';
import { aRun } from '../build/run.ts';

function request(hub: string, trigger: RunRequest['trigger'] = 'schedule'): RunRequest {
  return { hub, trigger, attempt: 1, probes: null, because: 'test' };
}

/** Runs that end when the test says so. */
function held() {
  const started: string[] = [];
  const endings = new Map<string, () => void>();
  const signals = new Map<string, AbortSignal>();
  const sayers = new Map<string, () => void>();
  const execute: Execute = (flight, signal, onEvent) => {
    const { hub } = flight.request;
    started.push(hub);
    signals.set(hub, signal);
    sayers.set(hub, () => onEvent({ kind: 'cleaning-up' }));
    onEvent({ kind: 'started', run: flight.id, hub, at: '' });
    return new Promise((resolve) => {
      const end = () => {
        const run = aRun({ id: flight.id, hub });
        onEvent({ kind: 'finished', run });
        resolve(run);
      };
      endings.set(hub, end);
      if (signal.aborted) end();
      signal.addEventListener('abort', end);
    });
  };
  return {
    execute,
    started,
    signals,
    note: (hub: string) => sayers.get(hub)?.(),
    end: (hub: string) => endings.get(hub)?.(),
  };
}

function queueOf(execute: Execute, concurrency = 1) {
  return openQueue('in-process', { concurrency, execute, now: () => new Date(0), newId: () => ulid() });
}

function accepted(queue: Queue, hub: string): Flight {
  const offer = queue.offer(request(hub));
  if (offer.kind !== 'accepted') throw new Error(`${hub} was not accepted`);
  return offer.flight;
}

describe('the in-process queue', () => {
  it('takes one run per hub and names the one in flight', () => {
    const queue = queueOf(held().execute);

    const first = queue.offer(request('a'));
    const second = queue.offer(request('a'));

    expect(first.kind).toBe('accepted');
    expect(second).toMatchObject({ kind: 'in-flight', flight: { request: { hub: 'a' } } });
  });

  it('runs what somebody waits for before what the schedule asks for', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    for (const [hub, trigger] of [
      ['first', 'schedule'],
      ['scheduled', 'schedule'],
      ['asked', 'demand'],
    ] as const) {
      queue.offer(request(hub, trigger));
    }

    for (const hub of ['first', 'asked', 'scheduled']) {
      await expect.poll(() => runs.started).toContain(hub);
      runs.end(hub);
    }

    expect(runs.started).toEqual(['first', 'asked', 'scheduled']);
  });

  it('replays what has happened to whoever follows later, then goes on until the end', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    const { id } = accepted(queue, 'a');
    await expect.poll(() => runs.started).toContain('a');

    const heard: RunEvent['kind'][] = [];
    const left: RunEvent['kind'][] = [];
    queue.follow(id, (event) => heard.push(event.kind));
    queue.follow(id, (event) => left.push(event.kind))?.();
    runs.end('a');
    const run = await queue.finished(id);

    expect(heard).toEqual(['started', 'finished']);
    expect(left).toEqual(['started']);
    expect(run?.id).toBe(id);
    expect(queue.flight(id)).toBeNull();
    expect(queue.finished(id)).toBeNull();
    expect(queue.follow(id, () => {})).toBeNull();
  });

  it('says when a flight was accepted and when it began', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    const [first, second] = [accepted(queue, 'a'), accepted(queue, 'b')];
    await expect.poll(() => runs.started).toEqual(['a']);

    const at = new Date(0).toISOString();
    expect(queue.flight(first.id)).toMatchObject({ state: 'running', queuedAt: at, startedAt: at });
    expect(queue.flight(second.id)).toMatchObject({ state: 'queued', queuedAt: at, startedAt: null });
    expect(queue.flights().map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it('tells the end once, and only when the run is recorded', async () => {
    const recorded = Promise.withResolvers<void>();
    const queue = queueOf(async (flight, _signal, onEvent) => {
      const run = aRun({ id: flight.id });
      onEvent({ kind: 'finished', run });
      await recorded.promise;
      return run;
    });
    const { id } = accepted(queue, 'a');
    const heard: RunEvent['kind'][] = [];
    queue.follow(id, (event) => heard.push(event.kind));
    await expect.poll(() => queue.flight(id)?.state).toBe('running');

    expect(heard).toEqual([]);
    recorded.resolve();
    await queue.finished(id);
    expect(heard).toEqual(['finished']);
  });

  it('does not let a run notice a follower that fails', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    const { id } = accepted(queue, 'a');
    await expect.poll(() => runs.started).toContain('a');
    const heard: RunEvent['kind'][] = [];
    let calls = 0;
    queue.follow(id, ({ kind }) => {
      calls += 1;
      if (kind !== 'started') throw new Error('the connection is gone');
    });
    queue.follow(id, (event) => heard.push(event.kind));

    runs.note('a');
    runs.note('a');
    runs.end('a');

    await expect(queue.finished(id)).resolves.toMatchObject({ id });
    expect(heard).toEqual(['started', 'cleaning-up', 'cleaning-up', 'finished']);
    expect(calls).toBe(2);
  });

  it('lets nobody hear what a run says after its end', async () => {
    const said: ((event: RunEvent) => void)[] = [];
    const queue = queueOf((flight, _signal, onEvent) => {
      said.push(onEvent);
      return Promise.resolve(aRun({ id: flight.id }));
    });
    const { id } = accepted(queue, 'a');
    const heard: RunEvent['kind'][] = [];
    queue.follow(id, (event) => heard.push(event.kind));
    await queue.finished(id);

    said.forEach((say) => say({ kind: 'cleaning-up' }));

    expect(heard).toEqual(['finished']);
  });

  it('ends every accepted run when it closes, also those that never began, and takes no more', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    const flights = [accepted(queue, 'running'), accepted(queue, 'waiting')];
    await expect.poll(() => runs.started).toEqual(['running']);
    const endings = flights.map(async ({ id }) => (await queue.finished(id))?.id);

    await queue.close();

    expect(await Promise.all(endings)).toEqual(flights.map(({ id }) => id));
    expect([...runs.signals.values()].map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(runs.signals.get('waiting')?.reason).toEqual(new Error('the service stops'));
    expect(queue.offer(request('c'))).toEqual({ kind: 'closed' });
    expect(queue.flights()).toEqual([]);
  });

  it('closes only when what runs has ended, cleanup included', async () => {
    const cleaned = Promise.withResolvers<void>();
    const queue = queueOf(async (flight) => {
      await cleaned.promise;
      return aRun({ id: flight.id });
    });
    accepted(queue, 'a');
    let closed = false;

    const closing = queue.close().then(() => (closed = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(false);
    cleaned.resolve();

    await closing;
    expect(queue.flights()).toEqual([]);
  });

  it('gives each run a signal of its own, so that none outlives its run', async () => {
    const signals = new Set<AbortSignal>();
    const queue = queueOf((flight, signal) => {
      signals.add(signal);
      return Promise.resolve(aRun({ id: flight.id }));
    });

    for (let number = 0; number < 3; number += 1) await queue.finished(accepted(queue, 'a').id);

    expect(signals.size).toBe(3);
  });

  const broken: readonly [string, Execute][] = [
    ['rejects', () => Promise.reject(new Error('bug'))],
    [
      'throws',
      () => {
        throw new Error('bug');
      },
    ],
  ];
  it.each(broken)('survives a run that breaks its promise and %s', async (_, execute) => {
    const queue = queueOf(execute);
    // Nobody asks for the first one: its rejection must not be unhandled.
    accepted(queue, 'unasked');
    const { id } = accepted(queue, 'a');

    await expect(queue.finished(id)).rejects.toThrow('bug');

    expect(queue.flight(id)).toBeNull();
    expect(queue.offer(request('a')).kind).toBe('accepted');
  });

  it('never runs more than it may, nor one hub twice at once, and ends each run once', () =>
    fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(asked, { maxLength: 30 }), rush), {
      numRuns: 100,
    }));
});

const asked = fc.record({
  hub: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  trigger: fc.constantFrom(...TRIGGERS),
  /** How long the run takes and how long until the next request, in turns of the event loop. */
  turns: fc.nat({ max: 3 }),
  pause: fc.nat({ max: 2 }),
  fails: fc.boolean(),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

async function turnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function rush(concurrency: number, requests: readonly Asked[]): Promise<void> {
  const running: string[] = [];
  const violations: string[] = [];
  const plans = new Map<string, Asked>();
  const queue = queueOf(async ({ id, request: { hub } }) => {
    if (running.includes(hub)) violations.push(`${hub} twice`);
    running.push(hub);
    if (running.length > concurrency) violations.push(`${running.length} at once`);
    await turnsOfTheLoop(plans.get(id)?.turns ?? 0);
    running.splice(running.indexOf(hub), 1);
    if (plans.get(id)?.fails === true) throw new Error('bug');
    return aRun({ id });
  }, concurrency);
  const endings = new Map<string, number>();
  const onEnd = (id: string) => () => void endings.set(id, (endings.get(id) ?? 0) + 1);
  for (const plan of requests) {
    const offer = queue.offer(request(plan.hub, plan.trigger));
    if (offer.kind !== 'accepted') continue;
    const { id } = offer.flight;
    plans.set(id, plan);
    endings.set(id, 0);
    queue.finished(id)?.then(onEnd(id), onEnd(id));
    await turnsOfTheLoop(plan.pause);
  }
  await queue.close();

  expect(violations).toEqual([]);
  expect(running).toEqual([]);
  expect([...endings.values()].every((count) => count === 1)).toBe(true);
}
