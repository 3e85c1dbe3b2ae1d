import { describe, expect, it } from 'vitest';
import { type ClusterLook, whyNotToWait } from '../../src/jupyterhub/cluster-start.ts';
import type { Refusal } from '../../src/jupyterhub/dask-refusal.ts';

const limits = { startTimeoutMs: 60_000, requestTimeoutMs: 5_000 };
const failure: Refusal = { ok: false, error: 'OSError', message: 'Timed out trying to connect' };

const lost = "the cluster runs, but its scheduler can't be reached";
const notUp = (status: string) => `the cluster did not come up: the gateway says ${status}`;
const ended = (status: string) => `the cluster ended (${status}); its scheduler can't be reached`;

function wordsFor(look: Partial<ClusterLook>): string | null {
  const usual = { status: 'PENDING', wasSeen: true, elapsedMs: 1_000, runsForMs: null, failure: null };
  return whyNotToWait({ ...usual, triedWhileRunning: false, ...look }, limits)?.message ?? null;
}

describe('a cluster that the client is not connected to yet', () => {
  it.each<[what: string, look: Partial<ClusterLook>, expected: string | null]>([
    ['is on its way', {}, null],
    ['was on its way for too long', { elapsedMs: 60_000 }, 'the cluster did not start within 60 s'],
    ['is not to be seen yet', { status: 'GONE', wasSeen: false, elapsedMs: 9_000 }, null],
    ['was never seen', { status: 'GONE', wasSeen: false, elapsedMs: 10_000 }, notUp('GONE')],
    ['is forgotten', { status: 'GONE' }, notUp('GONE')],
    ['has failed', { status: 'FAILED' }, notUp('FAILED')],
    ['is being stopped', { status: 'STOPPING', failure }, notUp('STOPPING')],
    ['runs', { status: 'RUNNING', runsForMs: 0 }, null],
    ['came late, but runs', { status: 'RUNNING', runsForMs: 0, elapsedMs: 61_000 }, null],
    ['runs and is silent', { status: 'RUNNING', runsForMs: 5_000 }, `${lost} within 5 s`],
    ['refused before it ran', { failure }, null],
    ['runs, and refused when it was not known to', { status: 'RUNNING', runsForMs: 0, failure }, null],
    [
      'refuses while it runs',
      { status: 'RUNNING', runsForMs: 300, failure, triedWhileRunning: true },
      `${lost}: OSError Timed out trying to connect`,
    ],
    ['ran and has failed', { status: 'FAILED', runsForMs: 300 }, ended('FAILED')],
    ['ran and is forgotten', { status: 'GONE', runsForMs: 300, failure }, ended('GONE')],
    ['ran and is on its way again', { status: 'PENDING', runsForMs: 300 }, ended('PENDING')],
  ])('%s', (_what, look, expected) => {
    expect(wordsFor(look)).toBe(expected);
  });
});
