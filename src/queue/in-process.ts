import PQueue from 'p-queue';
import type { Run } from '../core/run.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import type { Flight, Offer, Queue, QueueParts, RunRequest } from './queue.ts';

/** Somebody waits for these; the schedule can. */
const PRIORITY: Readonly<Record<RunRequest['trigger'], number>> = {
  demand: 2,
  alert: 2,
  confirm: 1,
  schedule: 0,
};

interface Entry {
  flight: Flight;
  readonly abort: AbortController;
  readonly events: Broadcast;
  readonly finished: Promise<Run>;
}

/** The queue of one process. p-queue counts and orders; one run per hub, replay and closing are ours. */
export function createInProcessQueue(parts: QueueParts): Queue {
  const lanes = new PQueue({ concurrency: parts.concurrency });
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let closed = false;

  function accept(request: RunRequest): Flight {
    const ended = Promise.withResolvers<Run>();
    // Whoever asks for it sees the rejection; nobody has to ask.
    ended.promise.catch(() => {});
    const entry: Entry = {
      flight: {
        id: parts.newId(),
        request,
        state: 'queued',
        queuedAt: parts.now().toISOString(),
        startedAt: null,
      },
      // Its own, and not one for all: a signal that lives as long as the service would gather listeners of every run.
      abort: new AbortController(),
      events: createBroadcast(),
      finished: ended.promise,
    };
    entries.set(entry.flight.id, entry);
    void lanes.add(() => fly(entry).then(ended.resolve, ended.reject), {
      priority: PRIORITY[request.trigger],
    });
    changed();
    return entry.flight;
  }

  async function fly(entry: Entry): Promise<Run> {
    const { abort, events } = entry;
    try {
      const run = await parts.execute(entry.flight, abort.signal, (event) => {
        // Before its first word it waits, for its account or for memory.
        if (entry.flight.state === 'queued') {
          entry.flight = { ...entry.flight, state: 'running', startedAt: parts.now().toISOString() };
          changed();
        }
        // Told by us below, when the run is recorded too: who hears of the end may then ask for it.
        if (event.kind !== 'finished') events.publish(event);
      });
      events.publish({ kind: 'finished', run });
      return run;
    } finally {
      events.end();
      entries.delete(entry.flight.id);
      changed();
    }
  }

  return {
    offer(request): Offer {
      if (closed) return { kind: 'closed' };
      const inFlight = [...entries.values()].find(({ flight }) => flight.request.hub === request.hub);
      if (inFlight !== undefined) return { kind: 'in-flight', flight: inFlight.flight };
      return { kind: 'accepted', flight: accept(request) };
    },
    flights: () => [...entries.values()].map(({ flight }) => flight),
    flight: (id) => entries.get(id)?.flight ?? null,
    follow: (id, onEvent) => entries.get(id)?.events.follow(onEvent) ?? null,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    finished: (id) => entries.get(id)?.finished ?? null,
    async close() {
      closed = true;
      // Those that wait are started all the same, with a signal that says stop: each ends in a record as aborted.
      for (const { abort } of entries.values()) abort.abort(new Error('the service stops'));
      await lanes.onIdle();
    },
  };
}
