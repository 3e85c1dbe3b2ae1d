import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Ask } from './ask.ts';

/** By name; the gateway lists those that are pending or running. */
const Clusters = z.record(z.string(), z.object({ status: z.string() }));

/** Names of the account's clusters. Rejects when the gateway does not answer at that hub's address. */
export async function listClusters(
  ask: Ask,
  hubUrl: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await ask({ method: 'GET', url: clustersUrl(hubUrl), signal });
  if (listed.status !== 200) throw new Error(`asking for the clusters was answered ${listed.status}`);
  return Object.keys(Clusters.parse(JSON.parse(listed.text)));
}

function clustersUrl(hubUrl: string): string {
  return new URL('services/dask-gateway/api/v1/clusters/', hubUrl).href;
}

/**
 * Stops every dask cluster of the account over dask-gateway's REST API behind the hub and waits until none is left: works when
 * notebook, browser and worker are dead. All of them, because a start that was cut off may have been carried out without
 * anybody having heard its name. `ask` must authenticate with the scheme `jupyterhub`.
 * https://gateway.dask.org/api-server.html
 */
export async function stopClustersOverRest(ask: Ask, hubUrl: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const names = await listClusters(ask, hubUrl, signal);
    if (names.length === 0) return;
    for (const name of names) {
      const stopped = await ask({
        method: 'DELETE',
        url: clustersUrl(hubUrl) + encodeURIComponent(name),
        signal,
      });
      if (![204, 404].includes(stopped.status)) {
        throw new Error(`stopping cluster ${name} was answered ${stopped.status}`);
      }
    }
    await pause(100, undefined, { signal });
  }
}

const REPORT_WITHIN_MS = 4_000;
/** Without `tls_cert` and `tls_key`. */
const Report = z.record(
  z.string(),
  z.object({ status: z.string(), start_time: z.unknown(), stop_time: z.unknown(), options: z.unknown() }),
);

/** What the gateway says of the account's clusters, as text for people. Rejects when it cannot be asked. */
export async function clustersReport(ask: Ask, hubUrl: string): Promise<string> {
  const url = new URL('services/dask-gateway/api/v1/clusters/', hubUrl).href;
  const answer = await ask({ method: 'GET', url, signal: AbortSignal.timeout(REPORT_WITHIN_MS) });
  if (answer.status !== 200) return `answered ${answer.status}`;
  return JSON.stringify(Report.parse(JSON.parse(answer.text)), null, 2);
}
