import { describe, expect, it } from 'vitest';
import { DaskGateway } from '../../src/jupyterhub/dask.ts';
import type { Kernel } from '../../src/jupyterhub/kernel.ts';
import { MARKER } from '../../src/jupyterhub/statement.ts';

interface Asked {
  readonly stage: string;
  readonly withinSeconds: number;
  readonly args: readonly unknown[];
}

const limits = {
  startTimeoutMs: 60_000,
  workerTimeoutMs: 60_000,
  requestTimeoutMs: 5_000,
  computeTimeoutMs: 60_000,
};

/** A notebook that says of each stage what it is told to, and a list of what it was asked. */
function aNotebook(says: Readonly<Record<string, () => object>>, changes: Partial<typeof limits> = {}) {
  const asked: Asked[] = [];
  const kernel: Kernel = {
    id: 'k',
    async execute(code) {
      const literal = /json\.loads\((.*)\)\)$/s.exec(code)?.[1] ?? '""';
      const [stage, withinSeconds, ...args]: [string, number, ...unknown[]] = JSON.parse(JSON.parse(literal));
      asked.push({ stage, withinSeconds, args });
      return `${MARKER}${JSON.stringify({ ok: true, ...says[stage]?.() })}`;
    },
    stop: () => Promise.resolve(),
  };
  const times = (stage: string) => asked.filter((one) => one.stage === stage).length;
  return { gateway: new DaskGateway(kernel, { ...limits, ...changes }), asked, times };
}

function inTurn(...answers: readonly object[]): () => object {
  let next = 0;
  return () => answers[Math.min(next++, answers.length - 1)] ?? {};
}

const refused = { ok: false, error: 'ValueError', message: 'not found' };
const never = new AbortController().signal;

describe('DaskGateway', () => {
  it('connects once more when the cluster did not run yet', async () => {
    const { gateway, times } = aNotebook({
      ended: inTurn(refused, { ended: false }, { ended: true }),
      cluster_status: inTurn({ status: 'PENDING' }, { status: 'RUNNING' }),
    });

    await gateway.waitUntilRunning('c', never);

    expect(times('start')).toBe(2);
  });

  it('waits no more for a cluster that the gateway knew and has forgotten', async () => {
    const { gateway, times } = aNotebook({
      ended: () => ({ ended: false }),
      cluster_status: inTurn({ status: 'GONE' }, { status: 'PENDING' }, { status: 'GONE' }),
    });

    await expect(gateway.waitUntilRunning('c', never)).rejects.toMatchObject({ reason: 'cluster-failed' });
    expect(times('cluster_status')).toBe(3);
  });

  it('gives up on a scheduler that refused while its cluster was known to run', async () => {
    const { gateway, times } = aNotebook({
      ended: () => refused,
      cluster_status: () => ({ status: 'RUNNING' }),
    });

    await expect(gateway.waitUntilRunning('c', never)).rejects.toMatchObject({
      reason: 'scheduler-unreachable',
    });
    expect(times('start')).toBe(2);
  });

  it("does not count the notebook's own waiting against the time for its answer", async () => {
    const { gateway, asked } = aNotebook({ ended: () => ({ ended: true }) });

    await gateway.waitUntilRunning('c', never);

    const [, waitSeconds] = asked.at(-1)?.args ?? [];
    expect(waitSeconds).toBe(1);
    expect(asked.at(-1)?.withinSeconds).toBe(6);
  });

  it('lets the notebook wait no longer than there is time left', async () => {
    const says = {
      ended: () => ({ ended: true, value: 1 }),
      cluster_status: () => ({ status: 'RUNNING' }),
      scale: () => ({ warnings: [] }),
      count_workers: () => ({ workers: 1 }),
    };
    const { gateway, asked } = aNotebook(says, { workerTimeoutMs: 400, computeTimeoutMs: 400 });

    await gateway.waitForWorkers('c', 1, never, () => {});
    await gateway.computeSum('c', [1], never);

    const waits = asked.flatMap(({ stage, args }) =>
      stage === 'ended' || stage === 'count_workers' ? [args[1]] : [],
    );
    expect(waits).toHaveLength(2);
    for (const seconds of waits) expect(seconds).toBeLessThanOrEqual(0.4);
  });

  it('asks no more for workers once it is told to stop', async () => {
    const stop = new AbortController();
    let counted = 0;
    const { gateway, times } = aNotebook({
      cluster_status: () => ({ status: 'RUNNING' }),
      scale: () => ({ warnings: [] }),
      count_workers() {
        counted += 1;
        if (counted === 3) stop.abort(new Error('told to stop'));
        return { workers: 0 };
      },
    });

    await expect(gateway.waitForWorkers('c', 1, stop.signal, () => {})).rejects.toThrow('told to stop');
    expect(times('count_workers')).toBe(3);
  });
});
