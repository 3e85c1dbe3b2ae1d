import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Broken } from '../core/broken.ts';
import type { DaskSettings, Hub } from '../core/hub.ts';
import { messageOf, oneLine, readableMs } from '../core/text.ts';
import { askGateway } from './ask.ts';
import { whyNotToWait } from './cluster-start.ts';
import {
  type Meaning,
  Refusal,
  allowedBy,
  asDaskReason,
  clientMissing,
  clusterRefused,
  computeFailed,
  gatewayRefused,
  schedulerLost,
  userUnknown,
  words,
} from './dask-refusal.ts';
import { listClusters, stopClustersOverRest } from './gateway-api.ts';
import { type Kernel, pythonSource } from './kernel.ts';
import { KernelRaised } from './kernel-verdict.ts';
import type { Session } from './session.ts';
import { MARKER } from './statement.ts';

/** What a stage may take beyond its own limit before the kernel itself counts as stuck. */
export const KERNEL_SLACK_MS = 10_000;
const POLL_MS = 250;
/** Between two looks at the gateway the notebook waits by itself, and answers as soon as there is something to tell. */
const NOTEBOOK_WAITS_MS = 1_000;
/** A question to a scheduler that lives is answered at once; a lost one is asked again until its limit. */
const COUNT_WITHIN_MS = 2_000;

type Limits = Pick<
  DaskSettings,
  'startTimeoutMs' | 'workerTimeoutMs' | 'requestTimeoutMs' | 'computeTimeoutMs'
>;

/** dask-gateway as a user's notebook sees it: every stage runs as a statement in the user's kernel. */
export class DaskGateway {
  #kernel: Kernel;
  #limits: Limits;
  #onSaid: (words: string) => void;

  /** `onSaid` hears what each stage printed, the client's own words included. */
  constructor(kernel: Kernel, limits: Limits, onSaid: (words: string) => void = () => {}) {
    this.#kernel = kernel;
    this.#limits = limits;
    this.#onSaid = onSaid;
  }

  /** Imports the client, which may take long where the image lies on slow disks. */
  async importClient(withinMs: number): Promise<void> {
    const source = await pythonSource('dask_canary.py');
    await this.#execute(`${source}\nhubcanary_dask = HubcanaryDask()`, withinMs);
    await this.#stage(z.object({}), clientMissing, ['import_client'], withinMs);
  }

  /** Finds the gateway, asks it something that needs to know who we are, and stops what an earlier visit left behind. */
  async connect(): Promise<void> {
    await this.#stage(z.object({}), gatewayRefused, ['connect_gateway']);
    await this.#stage(z.object({}), userUnknown, ['stop_clusters']);
  }

  /** @returns the new cluster's name, at once: whoever asked for it must be able to stop it. */
  async submit(settings: DaskSettings): Promise<string> {
    const Submitted = z.object({ cluster: z.string() });
    const { cluster } = await this.#stage(Submitted, clusterRefused, [
      'submit_cluster',
      settings.clusterOptions,
    ]);
    return cluster;
  }

  /**
   * Waits until the scheduler runs and the client has reached it. The client connects from the beginning on, as `new_cluster()`
   * does: the gateway holds its question until the cluster runs, and nobody has to look in time.
   */
  async waitUntilRunning(cluster: string, signal: AbortSignal): Promise<void> {
    const { startTimeoutMs, requestTimeoutMs } = this.#limits;
    const connect: Call = ['connect_cluster', cluster];
    const startedAt = performance.now();
    let runsSince: number | null = null;
    let wasSeen = false;
    for (;;) {
      const triedWhileRunning = runsSince !== null;
      await this.#begin(connect, gatewayRefused);
      for (let failure: Refusal | null = null; failure === null;) {
        const now = performance.now();
        const leftMs =
          runsSince === null ? startedAt + startTimeoutMs - now : runsSince + requestTimeoutMs - now;
        const said = await this.#ended(connect, z.object({}), leftMs, signal);
        if ('ended' in said && said.ended) return;
        failure = 'error' in said ? said : null;
        const status = await this.#status(cluster);
        const seenAt = performance.now();
        if (status === 'RUNNING') runsSince ??= seenAt;
        const runsForMs = runsSince === null ? null : seenAt - runsSince;
        const look = {
          status,
          wasSeen,
          elapsedMs: seenAt - startedAt,
          runsForMs,
          failure,
          triedWhileRunning,
        };
        const why = whyNotToWait(look, this.#limits);
        if (why !== null) throw why;
        wasSeen ||= status !== 'GONE';
      }
      await pause(POLL_MS, undefined, { signal });
    }
  }

  /**
   * Scales up and waits; `onNote` hears how many workers are there. Too few at the end of the time are enough to go on with:
   * users can start dask workers then, if fewer than they asked for.
   * @throws Broken `workers-timeout` when none came.
   */
  async waitForWorkers(
    cluster: string,
    wanted: number,
    signal: AbortSignal,
    onNote: (text: string) => void,
  ): Promise<void> {
    const { warnings } = await this.#stage(z.object({ warnings: z.array(z.string()) }), clusterRefused, [
      'scale',
      wanted,
    ]);
    const [warning] = warnings;
    const allowed = warning === undefined ? wanted : (allowedBy(warning) ?? wanted);
    const cut = warning === undefined ? '' : `; the gateway says: ${oneLine(warning)}`;
    if (allowed === 0) throw new Broken('cluster-refused', `the gateway allows no workers${cut}`);

    const { workerTimeoutMs } = this.#limits;
    const startedAt = performance.now();
    for (;;) {
      const leftMs = workerTimeoutMs - (performance.now() - startedAt);
      const count = await this.#countWorkers(cluster, { wanted: allowed, leftMs }, signal);
      const told = `${count} of ${wanted} came${cut}`;
      onNote(told);
      if (count >= allowed) return;
      const late = performance.now() - startedAt >= workerTimeoutMs;
      if (late && count > 0) return;
      if (late) {
        const within = readableMs(workerTimeoutMs);
        const message = `the workers did not come within ${within}; last word: ${told}`;
        throw new Broken('workers-timeout', message, { attribution: 'capacity' });
      }
    }
  }

  async computeSum(cluster: string, numbers: readonly number[], signal: AbortSignal): Promise<number> {
    const { computeTimeoutMs } = this.#limits;
    const compute: Call = ['compute', numbers];
    const startedAt = performance.now();
    await this.#begin(compute, computeFailed);
    for (;;) {
      const leftMs = computeTimeoutMs - (performance.now() - startedAt);
      const said = await this.#ended(compute, z.object({ value: z.number() }), leftMs, signal);
      if ('ended' in said && said.ended) return said.value;
      const status = await this.#status(cluster);
      if (status !== 'RUNNING') throw schedulerLost(status, 'left the computation undone');
      if ('error' in said) throw computeFailed(said, computeTimeoutMs);
      if (performance.now() - startedAt >= computeTimeoutMs) {
        const within = readableMs(computeTimeoutMs);
        throw new Broken('compute-timeout', `the workers did not compute within ${within}`);
      }
    }
  }

  /** Stops every cluster of the account and waits until none is left. */
  async stopAll(signal: AbortSignal): Promise<void> {
    const Stopped = z.object({ stopped: z.array(z.string()) });
    while ((await this.#stage(Stopped, gatewayRefused, ['stop_clusters'])).stopped.length > 0) {
      await pause(POLL_MS, undefined, { signal });
    }
  }

  async #status(cluster: string): Promise<string> {
    const Status = z.object({ status: z.string() });
    return (await this.#stage(Status, gatewayRefused, ['cluster_status', cluster])).status;
  }

  /**
   * How many workers there are as soon as there are enough, or after a second. The cluster may end while it waits for workers;
   * the gateway then knows before the client does.
   */
  async #countWorkers(
    cluster: string,
    { wanted, leftMs }: { readonly wanted: number; readonly leftMs: number },
    signal: AbortSignal,
  ): Promise<number> {
    const { requestTimeoutMs } = this.#limits;
    const startedAt = performance.now();
    for (;;) {
      signal.throwIfAborted();
      const status = await this.#status(cluster);
      if (status !== 'RUNNING') {
        throw new Broken('cluster-failed', `the cluster ended while it waited for workers: ${status}`);
      }
      const waitMs = notebookWaits(leftMs);
      const counted = await this.#try(
        z.object({ workers: z.number() }),
        ['count_workers', wanted, waitMs / 1000],
        waitMs + COUNT_WITHIN_MS,
      );
      if ('workers' in counted) return counted.workers;
      if (performance.now() - startedAt >= requestTimeoutMs) {
        throw schedulerLost(await this.#status(cluster), `answers no more: ${words(counted)}`);
      }
      await pause(POLL_MS, undefined, { signal });
    }
  }

  /** Begins something long in the notebook; `#ended` asks after it, so that the gateway can be asked meanwhile. */
  async #begin(call: Call, meaning: Meaning): Promise<void> {
    await this.#stage(z.object({}), meaning, ['start', ...call]);
  }

  /** What came of it as soon as it has ended, or after a second that it has not. */
  async #ended<T>(
    [name]: Call,
    schema: z.ZodType<T>,
    leftMs: number,
    signal: AbortSignal,
  ): Promise<(T & { ended: true }) | { ended: false } | Refusal> {
    signal.throwIfAborted();
    const Ended = z.union([
      z.object({ ended: z.literal(false) }),
      z.object({ ended: z.literal(true) }).and(schema),
    ]);
    const waitMs = notebookWaits(leftMs);
    return this.#try(Ended, ['ended', name, waitMs / 1000], waitMs + this.#limits.requestTimeoutMs);
  }

  /** Runs one stage and takes its JSON line apart; `meaning` says what its failure means. */
  async #stage<T>(
    schema: z.ZodType<T>,
    meaning: Meaning,
    call: Call,
    withinMs = this.#limits.requestTimeoutMs,
  ): Promise<T> {
    const said = await this.#say(call, withinMs);
    const refusal = Refusal.safeParse(said);
    if (refusal.success) throw meaning(refusal.data, withinMs);
    return understood(schema, call, said);
  }

  /** As `#stage`, with the failure as an answer. */
  async #try<T>(schema: z.ZodType<T>, call: Call, withinMs: number): Promise<T | Refusal> {
    const said = await this.#say(call, withinMs);
    const refusal = Refusal.safeParse(said);
    return refusal.success ? refusal.data : understood(schema, call, said);
  }

  async #say([stage, ...args]: Call, withinMs: number): Promise<unknown> {
    const call = pythonString([stage, withinMs / 1000, ...args]);
    const statement = `hubcanary_dask.stage(*json.loads(${call}))`;
    const output = await this.#execute(statement, withinMs + KERNEL_SLACK_MS).catch((error: unknown) => {
      this.#onSaid(`${stage}: ${messageOf(error)}`);
      throw error;
    });
    this.#onSaid(`${stage}: ${output.trim()}`);
    return saidIn(output) ?? Promise.reject(notUnderstood(stage, output));
  }

  async #execute(code: string, withinMs: number): Promise<string> {
    try {
      return await this.#kernel.execute(code, withinMs);
    } catch (error) {
      if (!(error instanceof KernelRaised)) throw asDaskReason(error);
      throw new Broken('compute-failed', `the notebook raised ${error.message}`, { cause: error });
    }
  }
}

/** Milliseconds; the last look is at the limit. */
function notebookWaits(leftMs: number): number {
  return Math.min(NOTEBOOK_WAITS_MS, Math.max(0, leftMs));
}

/** Name and arguments of a stage. */
type Call = readonly [string, ...(readonly unknown[])];

/** The JSON behind the marker; null when the notebook printed none. */
export function saidIn(output: string): unknown {
  const line = output.split('\n').findLast((text) => text.startsWith(MARKER));
  if (line === undefined) return null;
  try {
    return JSON.parse(line.slice(MARKER.length));
  } catch {
    // Cut or mixed up on its way: as good as not said.
    return null;
  }
}

function understood<T>(schema: z.ZodType<T>, [stage]: Call, said: unknown): T {
  const parsed = schema.safeParse(said);
  if (!parsed.success) throw notUnderstood(stage, JSON.stringify(said));
  return parsed.data;
}

function notUnderstood(stage: string, output: string): Broken {
  return new Broken('wrong-result', `the notebook answered "${stage}" with "${oneLine(output)}"`);
}

/** Whether the gateway can be asked from outside: not where users make no tokens, nor where it is not published beside the hub. */
export async function gatewayIsPublished(session: Session, hub: Hub, signal: AbortSignal): Promise<boolean> {
  if (session.token === null) return false;
  return listClusters(askGateway(session.token.secret), hub.url, signal).then(
    () => true,
    () => false,
  );
}

/** Over REST where the hub gave us a token, because a kernel may be busy or dead; from the notebook otherwise. */
export async function stopClusters(
  gateway: DaskGateway,
  session: Session,
  hub: Hub,
  signal: AbortSignal,
): Promise<void> {
  if (session.token === null) return gateway.stopAll(signal);
  try {
    await stopClustersOverRest(askGateway(session.token.secret), hub.url, signal);
  } catch (error) {
    // Not every gateway is published beside the hub.
    await gateway.stopAll(signal).catch(() => {
      throw new Error('the clusters could not be stopped', { cause: error });
    });
  }
}

/** JSON inside a Python string literal: JSON's own string syntax is valid Python. */
function pythonString(value: unknown): string {
  return JSON.stringify(JSON.stringify(value));
}
