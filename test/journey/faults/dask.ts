import type { DaskSettings } from '../../../src/core/hub.ts';
import type { CheckChanges } from '../check-hub.ts';
import { DASK, SERVER } from '../check-hub.ts';
import type { Fault } from '../../testbed/faults.ts';
import type { Arranged, Row } from './row.ts';
import { FAULTS } from '../../testbed/faults.ts';

/** Short limits, for rows in which nobody says no. */
function within(limits: Partial<DaskSettings>): CheckChanges {
  return { hub: { dask: { ...DASK, ...limits } } };
}

/** As the fault, with a wish of the canary user's own. */
function wishing(what: string, dask: Partial<DaskSettings>, fault?: Fault): Arranged {
  return {
    what,
    ...(fault === undefined ? {} : { switches: [fault] }),
    async arrange({ testbed }) {
      if (fault !== undefined) await testbed.faults.break(fault);
      return within(dask);
    },
  };
}

/** Faults of dask: client, gateway, cluster, scheduler, workers, computation. */
export const daskFaults: readonly Row[] = [
  {
    fault: 'dask-client-missing',
    criterion: 'dask',
    reason: 'client-missing',
    attribution: 'image',
    says: "the image's Python can't import dask_gateway: ModuleNotFoundError No module named 'dask_gateway'",
  },
  {
    fault: 'dask-client-broken',
    criterion: 'dask',
    reason: 'client-missing',
    attribution: 'image',
    says: /^the image's Python can't import dask_gateway: AttributeError .*removed_long_ago/,
  },
  {
    fault: 'dask-client-import-hangs',
    criterion: 'dask',
    reason: 'client-missing',
    attribution: 'image',
    says: 'importing dask_gateway did not end within 6 s',
    changes: { hub: { server: { ...SERVER, kernelTimeoutMs: 6_000 } } },
    silent: true,
  },
  {
    fault: 'gateway-unauthorized',
    criterion: 'dask',
    reason: 'gateway-refused',
    says: /^the gateway does not accept the user: ClientResponseError 401/,
  },
  {
    fault: 'gateway-auth-forgotten',
    criterion: 'dask',
    reason: 'gateway-refused',
    says: /^the gateway does not accept the user: ClientResponseError 401/,
  },
  {
    fault: 'gateway-refuses',
    criterion: 'dask',
    reason: 'gateway-refused',
    says: /^the gateway does not accept the user: ClientResponseError 403/,
  },
  {
    fault: 'gateway-raises',
    criterion: 'dask',
    reason: 'gateway-error',
    says: /^the gateway answered with an error: GatewayServerError/,
  },
  {
    fault: 'gateway-hub-unreachable',
    criterion: 'dask',
    reason: 'gateway-error',
    says: /^the gateway could not ask the hub who the user is: ClientResponseError 502/,
  },
  {
    fault: 'gateway-down',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: /^a proxy answered in the place of the gateway: ClientResponseError 503/,
  },
  {
    fault: 'gateway-is-a-page',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: /^something else answered at the address of the gateway: /,
  },
  {
    fault: 'gateway-frozen',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: 'the gateway did not answer in time (5 s)',
    changes: within({ requestTimeoutMs: 5_000 }),
    silent: true,
  },
  {
    fault: 'cluster-limit',
    criterion: 'dask',
    reason: 'cluster-refused',
    says: 'the gateway refused the cluster: ValueError canary has 2 clusters already, and 2 is the limit',
  },
  {
    fault: 'cluster-cores-limit',
    criterion: 'dask',
    reason: 'cluster-refused',
    says: /^the gateway refused the cluster: ValueError .*cores/,
  },
  {
    fault: 'cluster-memory-limit',
    criterion: 'dask',
    reason: 'cluster-refused',
    says: /^the gateway refused the cluster: ValueError .*memory/,
  },
  {
    fault: wishing('the gateway knows no such cluster option', { clusterOptions: { colour: 'blue' } }),
    criterion: 'dask',
    reason: 'cluster-refused',
    says: /^the gateway refused the cluster: ValueError .*colour/,
  },
  {
    fault: 'cluster-fails',
    criterion: 'dask',
    reason: 'cluster-failed',
    says: /^the cluster did not come up: the gateway says (FAILED|STOPP)/,
  },
  {
    fault: 'cluster-hangs',
    criterion: 'dask',
    reason: 'cluster-timeout',
    attribution: 'capacity',
    says: 'the cluster did not start within 5 s',
    changes: within({ startTimeoutMs: 5_000 }),
    silent: true,
  },
  {
    fault: 'scheduler-dies',
    criterion: 'dask',
    reason: 'cluster-failed',
    says: /^the cluster ended \(\w+\); its scheduler can't be reached$/,
  },
  {
    fault: 'scheduler-route-missing',
    criterion: 'dask',
    reason: 'scheduler-unreachable',
    says: "the cluster runs, but its scheduler can't be reached within 5 s",
    changes: within({ requestTimeoutMs: 5_000 }),
    silent: true,
  },
  {
    fault: 'scheduler-route-silent',
    criterion: 'dask',
    reason: 'scheduler-unreachable',
    says: "the cluster runs, but its scheduler can't be reached within 5 s",
    changes: within({ requestTimeoutMs: 5_000 }),
    silent: true,
  },
  {
    fault: 'workers-never-come',
    criterion: 'dask',
    reason: 'workers-timeout',
    attribution: 'capacity',
    says: 'the workers did not come within 5 s; last word: 0 of 1 came',
    changes: within({ workerTimeoutMs: 5_000 }),
    silent: true,
  },
  // Fewer than asked for are workers all the same: reported as slow, with how many came.
  {
    fault: wishing(FAULTS['workers-too-few'], { workers: 2, workerTimeoutMs: 8_000 }, 'workers-too-few'),
    criterion: null,
    reason: null,
    says: /1 of 2 came/,
    slow: 'wait for 2 workers',
  },
  {
    fault: wishing(FAULTS['workers-limit'], { workers: 2 }, 'workers-limit'),
    criterion: null,
    reason: null,
    says: /^1 of 2 came; the gateway says: .*limit of 1 workers/,
  },
  {
    fault: {
      what: 'the kernel prints other things around what dask answers',
      alike: true,
      async arrange({ testbed }) {
        await testbed.faults.break('kernel-is-noisy');
        return undefined;
      },
    },
    criterion: null,
    reason: null,
    says: '',
  },
  {
    fault: 'workers-fail',
    criterion: 'dask',
    reason: 'cluster-failed',
    says: /^the cluster ended while it waited for workers: (FAILED|STOPP)/,
  },
  {
    fault: 'worker-dies',
    criterion: 'dask',
    reason: 'compute-failed',
    says: /^the workers could not compute: KilledWorker/,
  },
  {
    fault: 'compute-raises',
    criterion: 'dask',
    reason: 'compute-failed',
    says: 'the workers could not compute: RuntimeError the worker fails on purpose',
  },
  {
    fault: 'compute-hangs',
    criterion: 'dask',
    reason: 'compute-timeout',
    says: 'the workers did not compute within 5 s',
    changes: within({ computeTimeoutMs: 5_000 }),
    silent: true,
  },
  {
    fault: 'compute-wrong',
    criterion: 'dask',
    reason: 'wrong-result',
    says: /^dask was asked for a sum and answered 42, not \d+$/,
  },
];
