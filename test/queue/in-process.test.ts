import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run-event.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import type { Execute, RunRequest } from '../../src/queue/queue.ts';
import { aRun } from '../build/run.ts';

function request(hub: string, trigger: RunRequest['trigger'] = 'schedule'): RunRequest {
  return { hub, trigger, attempt: 1, probes: null, because: 'test' };
}

/** Runs that end when the test says so. */
function held() {
  const started: string[] = [];
  const endings = new Map<string, () => void>();
  const signals = new Map<string, AbortSignal>();
  const execute: Execute = (flight, signal, onEvent) => {
    const { hub } = flight.request;
    started.push(hub);
    signals.set(hub, signal);
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
  return { execute, started, signals, end: (hub: string) => endings.get(hub)?.() };
}

function queueOf(execute: Execute, concurrency = 1) {
  return createInProcessQueue({ concurrency, execute, now: () => new Date(0), newId: () => ulid() });
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
    const offer = queue.offer(request('a'));
    if (offer.kind !== 'accepted') throw new Error('not accepted');
    await expect.poll(() => runs.started).toContain('a');

    const heard: RunEvent['kind'][] = [];
    const left: RunEvent['kind'][] = [];
    queue.follow(offer.flight.id, (event) => heard.push(event.kind));
    queue.follow(offer.flight.id, (event) => left.push(event.kind))?.();
    runs.end('a');
    const run = await queue.finished(offer.flight.id);

    expect(heard).toEqual(['started', 'finished']);
    expect(left).toEqual(['started']);
    expect(run?.id).toBe(offer.flight.id);
    expect(queue.flight(offer.flight.id)).toBeNull();
    expect(queue.follow(offer.flight.id, () => {})).toBeNull();
  });

  it('ends every accepted run when it closes, also those that never began, and takes no more', async () => {
    const runs = held();
    const queue = queueOf(runs.execute);
    const ids = ['a', 'b'].map((hub) => queue.offer(request(hub)));
    const endings = ids.map((offer) => (offer.kind === 'accepted' ? queue.finished(offer.flight.id) : null));

    await queue.close();

    expect(await Promise.all(endings)).toHaveLength(2);
    expect([...runs.signals.values()].every(({ aborted }) => aborted)).toBe(true);
    expect(queue.offer(request('c'))).toEqual({ kind: 'closed' });
    expect(queue.flights()).toEqual([]);
  });

  it('survives a run that breaks its promise never to reject', async () => {
    const queue = queueOf(() => Promise.reject(new Error('bug')));
    const offer = queue.offer(request('a'));
    if (offer.kind !== 'accepted') throw new Error('not accepted');

    await expect(queue.finished(offer.flight.id)).rejects.toThrow('bug');

    expect(queue.offer(request('a')).kind).toBe('accepted');
  });

  it('never runs more than it may, nor one hub twice at once, and ends each run once', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 30 }),
        async (concurrency, hubs) => {
          const running: string[] = [];
          const ended: string[] = [];
          let most = 0;
          let doubled = false;
          const queue = queueOf(async (flight) => {
            doubled ||= running.includes(flight.request.hub);
            running.push(flight.request.hub);
            most = Math.max(most, running.length);
            await new Promise((resolve) => setImmediate(resolve));
            running.splice(running.indexOf(flight.request.hub), 1);
            ended.push(flight.id);
            return aRun({ id: flight.id });
          }, concurrency);
          const accepted: string[] = [];
          for (const hub of hubs) {
            const offer = queue.offer(request(hub));
            if (offer.kind === 'accepted') accepted.push(offer.flight.id);
            await new Promise((resolve) => setImmediate(resolve));
          }
          await queue.close();

          expect(most).toBeLessThanOrEqual(concurrency);
          expect(doubled).toBe(false);
          expect(ended.toSorted()).toEqual(accepted.toSorted());
        },
      ),
      { numRuns: 50 },
    ));
});
