import { withPrerequisites } from '../core/criterion.ts';
import { type Hub, accountOf } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { Run } from '../core/run.ts';
import { unmadeRun } from '../core/unmade-run.ts';
import type { Execute, Flight } from '../queue/queue.ts';
import type { Admission, RunOrder, Runner } from '../runner/runner.ts';
import type { BegunRun, Store } from '../store/store.ts';
import { type Accounts, accountKey } from './accounts.ts';
import type { Log } from './log.ts';
import type { Logins } from './logins.ts';
import type { SpawnBudgets } from './spawns.ts';

export interface ExecuteParts {
  readonly store: Pick<Store, 'begin'>;
  readonly hubs: readonly Hub[];
  readonly runner: Runner;
  readonly accounts: Accounts;
  readonly logins: Pick<Logins, 'note'>;
  readonly spawnBudget: SpawnBudgets;
  readonly admission: Pick<Admission, 'enter'>;
  /** How long a run waited for its turn, from being accepted to its start. */
  readonly waited: (seconds: number) => void;
  /** Resolves when the run is recorded; never rejects. */
  readonly runEnded: (run: Run, signal: AbortSignal) => Promise<void>;
  readonly now: () => Date;
  readonly log: Log;
}

/** What the queue calls for an accepted run: note that it begins, run it, have it recorded. */
export function createExecute(parts: ExecuteParts): Execute {
  return async (flight, signal, onEvent) => {
    const hub = parts.hubs.find(({ name }) => name === flight.request.hub);
    const order = hub === undefined ? null : orderOf(flight, hub);
    const run =
      order === null
        ? hubUnknown(begunOf(flight, order, parts.now().toISOString()))
        : await visit(parts, flight, order, signal, onEvent);
    await parts.runEnded(run, signal);
    return run;
  };
}

/** In its turn: what another visit of the same account does would look like a fault of the hub. */
async function visit(
  parts: ExecuteParts,
  flight: Flight,
  order: RunOrder,
  ...[signal, onEvent]: [AbortSignal, (event: RunEvent) => void]
): Promise<Run> {
  const release = await parts.accounts.take(accountKey(order.hub, order.account.username), signal);
  try {
    const admitted = await parts.admission.enter(order.id, signal);
    if (admitted.kind === 'refused') return noRoom(parts, flight, order, admitted.because);
    try {
      return await inRoom(parts, flight, order, signal, onEvent);
    } finally {
      admitted.leave();
    }
  } finally {
    release();
  }
}

async function inRoom(
  parts: ExecuteParts,
  flight: Flight,
  order: RunOrder,
  ...[signal, onEvent]: [AbortSignal, (event: RunEvent) => void]
): Promise<Run> {
  const rationed = await withinBudget(parts, order);
  const now = parts.now();
  parts.waited(Math.max(0, now.getTime() - Date.parse(flight.queuedAt)) / 1000);
  await begin(parts, begunOf(flight, rationed, now.toISOString()));
  parts.logins.note(order.hub, order.account.username);
  return parts.runner(rationed, signal, onEvent);
}

function noRoom(parts: ExecuteParts, flight: Flight, order: RunOrder, because: string): Run {
  parts.log('warn', because, { run: order.id, hub: order.hub.name });
  const now = parts.now().toISOString();
  return unmadeRun({
    ...begunOf(flight, order, now),
    finishedAt: now,
    outcome: 'errored',
    reason: 'out-of-memory',
    because,
    left: [],
  });
}

/**
 * Leaves the server out while the hub may be given no more failing starts. What a person asks for is done all the same:
 * whoever has mended a hub wants to see that it works.
 */
async function withinBudget(parts: ExecuteParts, order: RunOrder): Promise<RunOrder> {
  const { hub, probes, trigger } = order;
  if (!probes.includes('server') || trigger === 'demand') return order;
  try {
    const { failures, pausedUntil, failedFor } = await parts.spawnBudget(hub);
    if (pausedUntil === null || pausedUntil <= parts.now().toISOString()) return order;
    const starts = failures === 1 ? '1 start' : `${failures} starts in a row`;
    const leftOut = `${starts} of ours failed, and the hub may exit after ${hub.server.failureLimit}: none until ${pausedUntil}`;
    parts.log('info', `no server is asked for: ${leftOut}`, { run: order.id, hub: hub.name });
    const isWitness = failedFor.some((one) => one.hub === hub.name && one.account === order.account.username);
    return { ...order, probes: ['login'], leftOut, ...(isWitness ? { askIfRestarted: true } : {}) };
  } catch (error) {
    parts.log('warn', 'how many starts failed could not be read; the run is made as it is', {
      run: order.id,
      hub: hub.name,
      error,
    });
    return order;
  }
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
    left: [],
  });
}
