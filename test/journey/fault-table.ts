import type { Criterion } from '../../src/core/criterion.ts';
import type { Attribution, Reason } from '../../src/core/reason.ts';
import type { Fault } from '../testbed/faults.ts';
import type { CheckChanges } from './check-hub.ts';

export interface Row {
  readonly fault: Fault;
  readonly criterion: Criterion;
  readonly reason: Reason;
  readonly attribution?: Attribution;
  /** What the message must say. */
  readonly says: RegExp;
  readonly changes?: CheckChanges;
}

const login: CheckChanges = { probes: ['login'] };
const server: CheckChanges = { probes: ['login', 'server'] };

/** Fault → what an operator is told. */
export const quick: readonly Row[] = [
  {
    fault: 'login-raises',
    criterion: 'login',
    reason: 'login-error',
    says: /500: its authenticator failed/,
    changes: login,
  },
  {
    fault: 'login-refuses',
    criterion: 'login',
    reason: 'login-rejected',
    says: /refused name and password/,
    changes: login,
  },
  {
    fault: 'hub-stopped',
    criterion: 'login',
    reason: 'hub-down',
    says: /a proxy answered 503 .* no hub behind it/,
    changes: login,
  },
  {
    fault: 'proxy-gone',
    criterion: 'login',
    reason: 'hub-unreachable',
    says: /ERR_CONNECTION_REFUSED/,
    changes: login,
  },
  {
    fault: 'spawn-raises',
    criterion: 'server',
    reason: 'spawn-failed',
    says: /failed to start the server/,
    changes: server,
  },
  { fault: 'spawn-forbidden', criterion: 'server', reason: 'spawn-failed', says: /403/, changes: server },
  {
    fault: 'spawn-hangs',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /gave up waiting/,
    changes: server,
  },
  {
    fault: 'server-unready',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /gave up waiting|didn't respond/,
    changes: server,
  },
  {
    fault: 'kernelspec-missing',
    criterion: 'server',
    reason: 'kernel-missing',
    attribution: 'image',
    says: /no kernel "python3"/,
    changes: server,
  },
  {
    fault: 'kernel-dies',
    criterion: 'server',
    reason: 'kernel-died',
    says: /in the middle of a statement/,
    changes: server,
  },
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
  { fault: 'server-dies', criterion: 'server', reason: 'server-unreachable', says: /./, changes: server },
  {
    fault: 'kernel-answers-wrong',
    criterion: 'server',
    reason: 'wrong-result',
    says: /was asked for print\(\d+ \* \d+\) and answered "42", not \d+/,
    changes: server,
  },
  { fault: 'gateway-raises', criterion: 'dask', reason: 'gateway-error', says: /answered with an error/ },
];

/** Faults in which the hub never says no, so that a time limit has to be waited out. */
export const slow: readonly Row[] = [
  {
    fault: 'login-hangs',
    criterion: 'login',
    reason: 'hub-timeout',
    says: /did not answer the login within 60 s/,
    changes: login,
  },
  {
    fault: 'hub-frozen',
    criterion: 'login',
    reason: 'hub-timeout',
    says: /login page did not come within 60 s/,
    changes: login,
  },
  {
    fault: 'kernel-hangs',
    criterion: 'server',
    reason: 'kernel-timeout',
    says: /did not answer within 60 s/,
    changes: server,
  },
  {
    fault: 'gateway-frozen',
    criterion: 'dask',
    reason: 'gateway-unreachable',
    says: /did not answer in time/,
  },
];
