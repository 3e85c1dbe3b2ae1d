import { readFile } from 'node:fs/promises';
import type { Hub } from '../core/hub.ts';
import type { Owned } from '../core/run.ts';
import { askGateway, askWithKey } from '../jupyterhub/ask.ts';
import { trustAuthority } from '../jupyterhub/fetch.ts';
import { stopClustersOverRest } from '../jupyterhub/gateway-api.ts';
import { HubApi } from '../jupyterhub/hub-api.ts';
import { revokeRunTokens } from '../jupyterhub/run-tokens.ts';
import type { Custody } from './protocol.ts';
import { messageOf } from '../core/text.ts';

/** The worker has had its time by then, or died early: a hub that works needs seconds. */
const EACH_AT_MOST_MS = 30_000;

/** What became of one thing: gone for certain, or still there with why. */
export interface Removal {
  readonly thing: Owned;
  readonly failedWith: string | null;
}

/**
 * The parent's side of the cleanup: removes over the hub's API what a dead worker left, and verifies it.
 * A kernel goes with its server.
 */
export async function removeLeftovers(
  hub: Hub,
  custody: Custody,
  owned: readonly Owned[],
): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  try {
    // This process serves many hubs; each is trusted by its own authority alone.
    if (hub.tls.ca !== null) trustAuthority(hub.url, await readFile(hub.tls.ca, 'utf8'));
  } catch (error) {
    const failedWith = `tls.ca can't be read: ${messageOf(error)}`;
    return owned.map((thing) => ({ thing, failedWith }));
  }
  const api = new HubApi(custody.apiUrl, askWithKey(custody));
  const eachMs = Math.min(EACH_AT_MOST_MS, hub.cleanupTimeoutMs);
  for (const thing of inOrder(owned)) {
    try {
      await remove(thing, hub, custody, api, AbortSignal.timeout(eachMs));
      removals.push({ thing, failedWith: null });
    } catch (error) {
      // It stays owned, so the record, the metric and the log say that it was left.
      removals.push({ thing, failedWith: messageOf(error) });
    }
  }
  const serverGone = removals.some(({ thing, failedWith }) => thing.kind === 'server' && failedWith === null);
  const kernels = owned.filter(({ kind }) => kind === 'kernel' && serverGone);
  return [...removals, ...kernels.map((thing) => ({ thing, failedWith: null }))];
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
      return revokeRunTokens(api, custody.user, thing.id, signal);
    case 'kernel':
      return;
  }
}
