import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { Broken } from '../core/broken.ts';
import type { DaskSettings, Hub } from '../core/hub.ts';
import type { HubReason } from '../core/reason.ts';
import { oneLine } from '../core/text.ts';
import { askGateway } from './ask.ts';
import { listClusters, stopClustersOverRest } from './gateway-api.ts';
import { type Kernel, KernelRaised, pythonSource } from './kernel.ts';
import type { Session } from './session.ts';

const MARKER = '@@HUBCANARY@@';
/** How long a request to a gateway that works may take. */
const REQUEST_WITHIN_MS = 30_000;
/** What a stage may take beyond its own limit before the kernel itself counts as stuck. */
const KERNEL_SLACK_MS = 10_000;
const POLL_MS = 250;
/** On Kubernetes a cluster just submitted is not visible for some seconds. */
const NOT_SEEN_YET_MS = 10_000;

const Refusal = z.object({
  ok: z.literal(false),
  error: z.string(),
  message: z.string(),
  status: z.number().nullish(),
});
type Refusal = z.infer<typeof Refusal>;

/** dask-gateway as a user's notebook sees it: every stage runs as a statement in the user's kernel. */
export class DaskGateway {
  #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Imports the client and asks the gateway something that needs to know who we are. */
  async connect(): Promise<void> {
    const source = await pythonSource('dask_canary.py');
    await this.#execute(`${source}\nhubcanary_dask = HubcanaryDask()`, REQUEST_WITHIN_MS);
    await this.#stage(z.object({}), refusedGateway, 'connect_gateway', []);
  }

  /** @returns the new cluster's name, at once: whoever asked for it must be able to stop it. */
  async submit(settings: DaskSettings): Promise<string> {
    const Submitted = z.object({ cluster: z.string() });
    return (await this.#stage(Submitted, refusedCluster, 'submit_cluster', [settings.clusterOptions]))
      .cluster;
  }

  /** Waits until the scheduler runs and the client has reached it. */
  async waitUntilRunning(cluster: string, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    for (;;) {
      const status = await this.#status(cluster);
      if (status === 'RUNNING') break;
      const notSeenYet = status === 'GONE' && performance.now() - startedAt < NOT_SEEN_YET_MS;
      if (status !== 'PENDING' && !notSeenYet) {
        throw new Broken('cluster-failed', `the cluster did not come up: the gateway says ${status}`);
      }
      await pause(POLL_MS, undefined, { signal });
    }
    await this.#stage(z.object({}), unreachableScheduler, 'connect_cluster', [cluster]);
  }

  /** Scales up and waits; `onCount` hears how many workers are there. */
  async waitForWorkers(
    cluster: string,
    workers: number,
    signal: AbortSignal,
    onCount: (count: number) => void,
  ): Promise<void> {
    await this.#stage(z.object({}), refusedCluster, 'scale', [workers]);
    for (;;) {
      const { workers: count } = await this.#stage(
        z.object({ workers: z.number() }),
        unreachableScheduler,
        'count_workers',
        [],
      );
      onCount(count);
      if (count >= workers) return;
      const status = await this.#status(cluster);
      if (status !== 'RUNNING') {
        throw new Broken('cluster-failed', `the cluster ended while it waited for workers: ${status}`);
      }
      await pause(POLL_MS, undefined, { signal });
    }
  }

  async computeSum(numbers: readonly number[], withinMs: number): Promise<number> {
    const Computed = z.object({ value: z.number() });
    return (await this.#stage(Computed, failedCompute, 'compute', [numbers], withinMs)).value;
  }

  /** Stops every cluster of the account and waits until none is left. */
  async stopAll(signal: AbortSignal): Promise<void> {
    const Stopped = z.object({ stopped: z.array(z.string()) });
    while ((await this.#stage(Stopped, refusedGateway, 'stop_clusters', [])).stopped.length > 0) {
      await pause(POLL_MS, undefined, { signal });
    }
  }

  async #status(cluster: string): Promise<string> {
    return (await this.#stage(z.object({ status: z.string() }), refusedGateway, 'cluster_status', [cluster]))
      .status;
  }

  /** Runs one stage and takes its JSON line apart; `refused` says what its failure means. */
  async #stage<T>(
    schema: z.ZodType<T>,
    refused: (refusal: Refusal) => Broken,
    stage: string,
    args: readonly unknown[],
    withinMs = REQUEST_WITHIN_MS,
  ): Promise<T> {
    const call = [
      'hubcanary_dask.stage(*json.loads(',
      pythonString([stage, withinMs / 1000, ...args]),
      '))',
    ].join('');
    const output = await this.#execute(call, withinMs + KERNEL_SLACK_MS);
    const line = output.split('\n').find((text) => text.startsWith(MARKER));
    if (line === undefined) throw new Broken('wrong-result', `the notebook said nothing about "${stage}"`);
    const said: unknown = JSON.parse(line.slice(MARKER.length));
    const refusal = Refusal.safeParse(said);
    if (refusal.success) throw refused(refusal.data);
    return schema.parse(said);
  }

  async #execute(code: string, withinMs: number): Promise<string> {
    try {
      return await this.#kernel.execute(code, withinMs);
    } catch (error) {
      if (!(error instanceof KernelRaised)) throw error;
      throw new Broken('compute-failed', `the notebook raised ${error.message}`, { cause: error });
    }
  }
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

function explained(reason: HubReason, what: string, refusal: Refusal, image = false): Broken {
  const said = oneLine(refusal.message);
  const message =
    refusal.error === 'Late'
      ? `${what} in time`
      : `${what}: ${refusal.error}${said === '' ? '' : ` ${said}`}`;
  return new Broken(reason, message, image ? { attribution: 'image' } : {});
}

/** What each exception of the dask-gateway client means when the gateway is asked something. */
function refusedGateway(refusal: Refusal): Broken {
  if (['ImportError', 'ModuleNotFoundError'].includes(refusal.error)) {
    return explained('client-missing', "the image's Python can't import dask_gateway", refusal, true);
  }
  if (refusal.status === 401 || refusal.status === 403) {
    return explained('gateway-refused', 'the gateway does not accept the user', refusal);
  }
  if (refusal.status === 404 || refusal.status === 502 || refusal.status === 503 || refusal.status === 504) {
    return explained('gateway-unreachable', 'a proxy answered in the place of the gateway', refusal);
  }
  if (refusal.error === 'Late' || /Connect|Timeout|Disconnected|OSError|URL/.test(refusal.error)) {
    return explained('gateway-unreachable', 'the gateway did not answer', refusal);
  }
  return explained('gateway-error', 'the gateway answered with an error', refusal);
}

function refusedCluster(refusal: Refusal): Broken {
  if (refusal.error === 'ValueError' || refusal.error === 'GatewayClusterError') {
    return explained('cluster-refused', 'the gateway refused the cluster', refusal);
  }
  return refusedGateway(refusal);
}

function unreachableScheduler(refusal: Refusal): Broken {
  return explained('scheduler-unreachable', "the cluster runs, but its scheduler can't be reached", refusal);
}

function failedCompute(refusal: Refusal): Broken {
  if (refusal.error === 'Late') return explained('compute-timeout', 'the workers did not compute', refusal);
  return explained('compute-failed', 'the workers could not compute', refusal);
}
