import { withPrerequisites } from '../core/criterion.ts';
import { type Hub, accountOf } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import { unmadeRun } from '../core/unmade-run.ts';
import type { Execute, Flight } from '../queue/queue.ts';
import type { RunOrder, Runner } from '../runner/runner.ts';
import type { BegunRun, Store } from '../store/store.ts';
import type { Log } from './log.ts';

export interface ExecuteParts {
  readonly store: Pick<Store, 'begin'>;
  readonly hubs: readonly Hub[];
  readonly runner: Runner;
  /** Resolves when the run is recorded; never rejects. */
  readonly runEnded: (run: Run, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

/** What the queue calls for an accepted run: note that it begins, run it, have it recorded. */
export function createExecute(parts: ExecuteParts): Execute {
  return async (flight, signal, onEvent) => {
    const hub = parts.hubs.find(({ name }) => name === flight.request.hub);
    const startedAt = parts.now().toISOString();
    const order = hub === undefined ? null : orderOf(flight, hub);
    await begin(parts, begunOf(flight, order, startedAt));
    const run =
      order === null
        ? hubUnknown(begunOf(flight, order, startedAt))
        : await parts.runner(order, signal, onEvent);
    await parts.runEnded(run, signal);
    return run;
  };
}

function orderOf({ id, request }: Flight, hub: Hub): RunOrder {
  const wanted = request.probes === null ? hub.probes : withPrerequisites(request.probes);
  const { trigger, attempt } = request;
  return { id, hub, account: accountOf(hub, request.account), trigger, attempt, probes: wanted };
}

function begunOf({ id, request }: Flight, order: RunOrder | null, startedAt: string): BegunRun {
  const { hub, trigger, attempt } = request;
  const account = order?.account.username ?? null;
  return { id, hub, trigger, attempt, account, startedAt, criteria: order?.probes ?? [] };
}

/** A store that is down is no reason not to look at the hub: the run is kept until it can be recorded. */
async function begin({ store, log }: ExecuteParts, begun: BegunRun): Promise<void> {
  try {
    await store.begin(begun);
  } catch (error) {
    log('warn', 'could not note that a run begins; it is made all the same', {
      run: begun.id,
      hub: begun.hub,
      error,
    });
  }
}

/** The queue takes only runs of configured hubs; should it ever not, the run still ends in a record. */
function hubUnknown(begun: BegunRun): Run {
  return unmadeRun({
    ...begun,
    finishedAt: begun.startedAt,
    outcome: 'errored',
    because: `${begun.hub} is not configured`,
    cleanup: 'clean',
  });
}
