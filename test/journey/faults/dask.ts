import type { Row } from './row.ts';

/** Faults of dask: client, gateway, cluster, scheduler, workers, computation. */
export const daskFaults: readonly Row[] = [
  {
    fault: 'dask-client-missing',
    criterion: 'dask',
    reason: 'client-missing',
    attribution: 'image',
    says: /can't import dask_gateway/,
  },
  {
    fault: 'gateway-down',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: /in the place of the gateway|did not answer/,
  },
  {
    fault: 'gateway-refuses',
    criterion: 'dask',
    reason: 'gateway-refused',
    says: /does not accept the user/,
  },
  { fault: 'cluster-fails', criterion: 'dask', reason: 'cluster-failed', says: /did not come up/ },
  {
    fault: 'cluster-hangs',
    criterion: 'dask',
    reason: 'cluster-timeout',
    attribution: 'capacity',
    says: /did not start within/,
    changes: {
      hub: { dask: { workers: 1, clusterOptions: {}, startTimeoutMs: 5_000, workerTimeoutMs: 5_000 } },
    },
  },
  {
    fault: 'workers-never-come',
    criterion: 'dask',
    reason: 'workers-timeout',
    attribution: 'capacity',
    says: /did not come within 5 s; last word: 0 of 1 came/,
    changes: {
      hub: { dask: { workers: 1, clusterOptions: {}, startTimeoutMs: 30_000, workerTimeoutMs: 5_000 } },
    },
  },
  { fault: 'gateway-raises', criterion: 'dask', reason: 'gateway-error', says: /answered with an error/ },
  {
    fault: 'gateway-frozen',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: /did not answer in time/,
  },
];
