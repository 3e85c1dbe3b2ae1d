import { askGateway } from '../jupyterhub/ask.ts';
import { stopClustersOverRest } from '../jupyterhub/gateway-api.ts';
import type { Visit } from '../probe.ts';
import type { Assignment } from '../runner/protocol.ts';

/** Makes what earlier runs left behind this one's own, so that it is removed at the end as its own things are. */
export function takeOver(visit: Visit, { servers, clusters }: NonNullable<Assignment['sweep']>): void {
  const { session } = visit.found;
  if (session === undefined) throw new Error('without a session nothing can be taken over');
  const { api, user, token } = session;
  for (const name of servers) visit.own('server', name, (signal) => api.stopServer(user, name, signal));
  if (!clusters) return;
  visit.own('cluster', '', async (signal) => {
    if (token === null) throw new Error('without a token only a run with dask in it can stop clusters');
    await stopClustersOverRest(askGateway(token.secret), visit.hub.url, signal);
  });
}
