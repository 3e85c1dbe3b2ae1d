import PQueue from 'p-queue';
import type { RunEvent } from '../core/run-event.ts';
import type { Run } from '../core/run.ts';
import type { Execute, Flight, Offer, Queue, RunRequest } from './queue.ts';

/** Somebody waits for these; the schedule can. */
const PRIORITY: Readonly<Record<RunRequest['trigger'], number>> = {
  demand: 2,
  alert: 2,
  confirm: 1,
  schedule: 0,
};

interface Entry {
  flight: Flight;
  readonly events: RunEvent[];
  readonly followers: Set<(event: RunEvent) => void>;
  readonly finished: Promise<Run>;
}

/** The queue of one process. p-queue counts and orders; one run per hub, replay and closing are ours. */
export function createInProcessQueue(options: {
  readonly concurrency: number;
  readonly execute: Execute;
  readonly now: () => Date;
  readonly newId: () => string;
}): Queue {
  const lanes = new PQueue({ concurrency: options.concurrency });
  const entries = new Map<string, Entry>();
  const closing = new AbortController();

  function accept(request: RunRequest): Flight {
    const flight: Flight = {
      id: options.newId(),
      request,
      state: 'queued',
      queuedAt: options.now().toISOString(),
      startedAt: null,
    };
    const ended = Promise.withResolvers<Run>();
    // Whoever asks for it sees the rejection; nobody has to ask.
    ended.promise.catch(() => {});
    const entry: Entry = { flight, events: [], followers: new Set(), finished: ended.promise };
    entries.set(flight.id, entry);
    void lanes.add(() => execute(entry).then(ended.resolve, ended.reject), {
      priority: PRIORITY[request.trigger],
    });
    return flight;
  }

  async function execute(entry: Entry): Promise<Run> {
    entry.flight = { ...entry.flight, state: 'running', startedAt: options.now().toISOString() };
    try {
      return await options.execute(entry.flight, closing.signal, (event) => publish(entry, event));
    } finally {
      entries.delete(entry.flight.id);
    }
  }

  return {
    offer(request): Offer {
      if (closing.signal.aborted) return { kind: 'closed' };
      const inFlight = [...entries.values()].find(({ flight }) => flight.request.hub === request.hub);
      if (inFlight !== undefined) return { kind: 'in-flight', flight: inFlight.flight };
      return { kind: 'accepted', flight: accept(request) };
    },
    flights: () => [...entries.values()].map(({ flight }) => flight),
    flight: (id) => entries.get(id)?.flight ?? null,
    follow(id, onEvent) {
      const entry = entries.get(id);
      if (entry === undefined) return null;
      entry.events.forEach(onEvent);
      entry.followers.add(onEvent);
      return () => void entry.followers.delete(onEvent);
    },
    finished: (id) => entries.get(id)?.finished ?? null,
    async close() {
      closing.abort(new Error('the service stops'));
      await lanes.onIdle();
    },
  };
}

function publish(entry: Entry, event: RunEvent): void {
  entry.events.push(event);
  for (const tell of entry.followers) tell(event);
}
