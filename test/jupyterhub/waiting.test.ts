import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askWithKey } from '../../src/jupyterhub/ask.ts';
import { HubApi } from '../../src/jupyterhub/hub-api.ts';
import type { Session } from '../../src/jupyterhub/session.ts';
import { waitUntilReady } from '../../src/jupyterhub/spawn.ts';

describe('waitUntilReady', () => {
  let hub: Server;
  const wait = new AbortController();
  afterEach(async () => {
    wait.abort();
    hub.closeAllConnections();
    hub.close();
    await once(hub, 'close');
  });

  it('looks at the server less often only where the hub tells how it is going', async () => {
    const looks = { told: 0, untold: 0 };
    hub = createServer((request, response) => {
      const user = request.url?.includes('/untold') === true ? 'untold' : 'told';
      if (request.url?.endsWith('/progress') === true) {
        // For the other one a proxy holds the stream back.
        if (user === 'told') response.write('data: {"progress": 10, "message": "Server requested"}\n\n');
        return;
      }
      looks[user] += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name: user, servers: { '': { ready: false, pending: 'spawn' } } }));
    });
    await once(hub.listen(0, '127.0.0.1'), 'listening');
    const address = hub.address();
    const hubRoot = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hub/`;
    const waiting = (user: string) => {
      const key = { token: 'a-token', cookies: null };
      const api = new HubApi(`${hubRoot}api/`, askWithKey(key));
      const session: Session = { user, hubRoot, key, api, token: null };
      return waitUntilReady(session, { name: '', patienceMs: 60_000 }, wait.signal, () => {});
    };
    const ended = Promise.allSettled([waiting('told'), waiting('untold')]);

    await vi.waitFor(() => expect(looks.untold).toBeGreaterThanOrEqual(9), { timeout: 20_000 });
    const { told } = looks;
    wait.abort();
    await ended;

    expect(told).toBeLessThanOrEqual(4);
  });
});
