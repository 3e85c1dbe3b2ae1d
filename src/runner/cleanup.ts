import { readFile } from 'node:fs/promises';
import type { Hub } from '../core/hub.ts';
import type { Owned } from '../core/run.ts';
import { askGateway, askWithKey } from '../jupyterhub/ask.ts';
import { trustAuthority } from '../jupyterhub/fetch.ts';
import { stopClustersOverRest } from '../jupyterhub/gateway-api.ts';
import { HubApi } from '../jupyterhub/hub-api.ts';
import type { Custody } from './protocol.ts';

const EACH_WITHIN_MS = 30_000;

/**
 * The parent's side of the cleanup: removes over the hub's API what a dead worker left, and verifies it.
 * A kernel goes with its server.
 * @returns what is certainly gone.
 */
export async function removeLeftovers(
  hub: Hub,
  custody: Custody,
  owned: readonly Owned[],
): Promise<readonly Owned[]> {
  const removed: Owned[] = [];
  // This process serves many hubs; each is trusted by its own authority alone.
  const authority = hub.tls.ca === null ? null : await readFile(hub.tls.ca, 'utf8').catch(() => null);
  if (authority !== null) trustAuthority(hub.url, authority);
  const api = new HubApi(custody.apiUrl, askWithKey(custody));
  for (const thing of inOrder(owned)) {
    try {
      await remove(thing, hub, custody, api, AbortSignal.timeout(EACH_WITHIN_MS));
      removed.push(thing);
    } catch {
      // It stays owned, so the record, the metric and the log say that it was left.
    }
  }
  const serverGone = removed.some(({ kind }) => kind === 'server');
  const kernels = owned.filter(({ kind }) => kind === 'kernel' && serverGone);
  return [...removed, ...kernels];
}

/**
 * The server first: with it goes the kernel, from which one more cluster could be asked for. The token goes last, because
 * everything else needs it. Kernels need no step of their own.
 */
function inOrder(owned: readonly Owned[]): readonly Owned[] {
  const order: readonly Owned['kind'][] = ['server', 'cluster', 'token'];
  return order.flatMap((kind) => owned.filter((thing) => thing.kind === kind));
}

async function remove(
  thing: Owned,
  hub: Hub,
  custody: Custody,
  api: HubApi,
  signal: AbortSignal,
): Promise<void> {
  switch (thing.kind) {
    case 'cluster':
      // The gateway takes tokens alone; without one only the user's own notebook could have asked it.
      if (custody.token === null) throw new Error('there is no token to ask the gateway with');
      return stopClustersOverRest(askGateway(custody.token), hub.url, signal);
    case 'server':
      return api.stopServer(custody.user, thing.id, signal);
    case 'token':
      return api.revokeToken(custody.user, thing.id, signal);
    case 'kernel':
      return;
  }
}
