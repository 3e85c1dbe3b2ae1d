import { defineProbe } from '../src/probe.ts';
import { Broken } from '../src/core/broken.ts';
import type { Hub } from '../src/core/hub.ts';
import { DaskGateway, gatewayIsPublished, stopClusters } from '../src/jupyterhub/dask.ts';
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

  async run({ hub, found, own, step }) {
    const { session, server } = found;
    if (session === undefined || server === undefined)
      throw new Error('the dask probe needs a running server');
    const gateway = new DaskGateway(server.kernel);
    const { workers, startTimeoutMs, workerTimeoutMs } = hub.dask;

    await step(
      REACH,
      { withinMs: 60_000, late: { reason: 'gateway-unreachable', message: 'the gateway did not answer' } },
      () => gateway.connect(),
    );

    const cluster = await step(
      START,
      {
        withinMs: startTimeoutMs,
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
        withinMs: workerTimeoutMs,
        late: { reason: 'workers-timeout', message: 'the workers did not come', attribution: 'capacity' },
      },
      ({ signal, note }) =>
        gateway.waitForWorkers(cluster, workers, signal, (count) => note(`${count} of ${workers} came`)),
    );

    await step(
      COMPUTE,
      { withinMs: 90_000, late: { reason: 'compute-timeout', message: 'the workers did not answer' } },
      async () => {
        const numbers = randomNumbers(1000);
        const expected = numbers.reduce((sum, number) => sum + number, 0);
        const answer = await gateway.computeSum(numbers, 60_000);
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
