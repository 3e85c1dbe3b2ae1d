import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Ask } from './ask.ts';

const Cluster = z.object({ status: z.string() });

/**
 * Stops a dask cluster over dask-gateway's REST API behind the hub and waits until it has stopped: works when notebook,
 * browser and worker are dead. `ask` must authenticate with the scheme `jupyterhub`.
 * https://gateway.dask.org/api-server.html
 */
export async function stopClusterOverRest(
  ask: Ask,
  hubUrl: string,
  cluster: string,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(`services/dask-gateway/api/v1/clusters/${encodeURIComponent(cluster)}`, hubUrl).href;
  const stopped = await ask({ method: 'DELETE', url, signal });
  if (stopped.status === 404) return;
  if (stopped.status !== 204) throw new Error(`stopping cluster ${cluster} was answered ${stopped.status}`);
  for (;;) {
    const answer = await ask({ method: 'GET', url, signal });
    if (answer.status === 404) return;
    const parsed = answer.status === 200 ? Cluster.safeParse(JSON.parse(answer.text)) : null;
    if (parsed?.success && /^(stopped|failed)$/i.test(parsed.data.status)) return;
    await pause(250, undefined, { signal });
  }
}
