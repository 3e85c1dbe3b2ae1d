import { defineProbe } from '../src/probe.ts';
import { Broken } from '../src/core/broken.ts';
import type { Hub } from '../src/core/hub.ts';
import { DaskGateway, KERNEL_SLACK_MS, gatewayIsPublished, stopClusters } from '../src/jupyterhub/dask.ts';
import { randomNumbers } from '../src/jupyterhub/statement.ts';

const REACH = 'reach the gateway';
const START = 'start a cluster';
const COMPUTE = 'compute and compare the answer';

function waitForWorkers({ dask }: Hub): string {
  return `wait for ${dask.workers} ${dask.workers === 1 ? 'worker' : 'workers'}`;
}

/** Users can start dask workers. */
export const dask = defineProbe({
  criterion: 'dask',
  needs: ['login', 'server'],
  steps: (hub) => [REACH, START, waitForWorkers(hub), COMPUTE],

  async run({ hub, found, own, step, gatewaySaid }) {
    const { session, server } = found;
    if (session === undefined || server === undefined)
      throw new Error('the dask probe needs a running server');
    const gateway = new DaskGateway(server.kernel, hub.dask, gatewaySaid);
    const { workers, startTimeoutMs, workerTimeoutMs, requestTimeoutMs, computeTimeoutMs } = hub.dask;
    // Each question has its own limit; a step's is for a notebook that does not even say that one was missed.
    const questionMs = requestTimeoutMs + KERNEL_SLACK_MS;
    const importMs = hub.server.kernelTimeoutMs;

    await step(
      REACH,
      {
        withinMs: 2 * importMs + KERNEL_SLACK_MS + 2 * questionMs,
        late: { reason: 'gateway-unreachable', message: 'the gateway did not answer' },
      },
      async () => {
        await gateway.importClient(importMs);
        await gateway.connect();
      },
    );

    const cluster = await step(
      START,
      {
        withinMs: startTimeoutMs + 4 * questionMs,
        late: { reason: 'cluster-timeout', message: 'the cluster did not start', attribution: 'capacity' },
      },
      async ({ signal }) => {
        const throughPage = !(await gatewayIsPublished(session, hub, signal));
        own('cluster', '', (cleanup) => stopClusters(gateway, session, hub, cleanup), { throughPage });
        const name = await gateway.submit(hub.dask);
        await gateway.waitUntilRunning(name, signal);
        return name;
      },
    );

    await step(
      waitForWorkers(hub),
      {
        withinMs: workerTimeoutMs + 3 * questionMs,
        late: { reason: 'workers-timeout', message: 'the workers did not come', attribution: 'capacity' },
        // Too few in time: reported.
        slowAfterMs: workerTimeoutMs,
      },
      ({ signal, note }) => gateway.waitForWorkers(cluster, workers, signal, note),
    );

    await step(
      COMPUTE,
      {
        withinMs: computeTimeoutMs + 2 * questionMs,
        late: { reason: 'compute-timeout', message: 'the workers did not answer' },
      },
      async ({ signal }) => {
        const numbers = randomNumbers(1000);
        const expected = numbers.reduce((sum, number) => sum + number, 0);
        const answer = await gateway.computeSum(cluster, numbers, signal);
        if (answer !== expected) {
          throw new Broken(
            'wrong-result',
            `dask was asked for a sum and answered ${answer}, not ${expected}`,
          );
        }
      },
    );
  },
});
