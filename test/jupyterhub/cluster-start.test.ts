import { describe, expect, it } from 'vitest';
import { type ClusterLook, whyNotToWait } from '../../src/jupyterhub/cluster-start.ts';
import type { Refusal } from '../../src/jupyterhub/dask-refusal.ts';

const limits = { startTimeoutMs: 60_000, requestTimeoutMs: 5_000 };
const failure: Refusal = { ok: false, error: 'OSError', message: 'Timed out trying to connect' };

function reasonFor(look: Partial<ClusterLook>): string | null {
  const usual = {
    status: 'PENDING',
    elapsedMs: 1_000,
    runsForMs: 0,
    failure: null,
    triedWhileRunning: false,
  };
  return whyNotToWait({ ...usual, ...look }, limits)?.reason ?? null;
}

describe('a cluster that the client is not connected to yet', () => {
  it.each<[what: string, look: Partial<ClusterLook>, expected: string | null]>([
    ['is on its way', {}, null],
    ['was on its way for too long', { elapsedMs: 60_000 }, 'cluster-timeout'],
    ['is not to be seen yet', { status: 'GONE', elapsedMs: 9_000 }, null],
    ['is not to be seen any more', { status: 'GONE', elapsedMs: 10_000 }, 'cluster-failed'],
    ['has failed', { status: 'FAILED' }, 'cluster-failed'],
    ['is being stopped', { status: 'STOPPING', failure }, 'cluster-failed'],
    ['runs', { status: 'RUNNING' }, null],
    ['came late, but runs', { status: 'RUNNING', elapsedMs: 61_000 }, null],
    ['runs and is silent', { status: 'RUNNING', runsForMs: 5_000 }, 'scheduler-unreachable'],
    ['refused before it ran', { status: 'PENDING', failure }, null],
    ['runs, and refused when it was not known to', { status: 'RUNNING', failure }, null],
    [
      'refuses while it runs',
      { status: 'RUNNING', failure, triedWhileRunning: true },
      'scheduler-unreachable',
    ],
  ])('%s', (_what, look, expected) => {
    expect(reasonFor(look)).toBe(expected);
  });
});
