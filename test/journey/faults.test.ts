import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Criterion } from '../../src/core/criterion.ts';
import type { Attribution, Reason } from '../../src/core/reason.ts';
import type { Fault } from '../testbed/faults.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { type CheckChanges, checkHub } from './check-hub.ts';

interface Row {
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
const table: readonly Row[] = [
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
];

describe('each fault of a real hub is told apart', () => {
  let testbed: Testbed;
  const user = 'canary';

  beforeAll(async () => {
    testbed = await startTestbed({ startTimeoutSeconds: 8, httpTimeoutSeconds: 8 });
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(() => testbed.stop());

  it.each(table)(
    '$fault → $criterion: $reason',
    async ({ fault, criterion, reason, attribution, says, changes }) => {
      await testbed.faults.break(fault);

      await using checked = await checkHub(testbed, user, changes);

      const { run } = checked;
      expect(run.failure).toMatchObject({ criterion, reason, attribution: attribution ?? 'hub' });
      expect(run.failure?.message).toMatch(says);
      expect(run.outcome).toBe('failed');
      expect(run.criteria[criterion]).toBe('failed');
      expect(run.evidence.map(({ kind }) => kind)).toContain('responses');
    },
  );

  it('a healthy hub passes, computed values compared, nothing left', async () => {
    await using checked = await checkHub(testbed, user);

    const { run } = checked;
    expect(run.failure).toBeNull();
    expect(run.criteria).toEqual({ login: 'passed', server: 'passed', dask: 'passed' });
    expect(run.cleanup.status).toBe('clean');
    expect(run.cleanup.removed.map(({ kind }) => kind)).toEqual(['cluster', 'kernel', 'server', 'token']);
    expect(run.steps.every(({ status }) => status === 'passed')).toBe(true);
  });
});
