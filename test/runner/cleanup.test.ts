import { expect, it } from 'vitest';
import { removeLeftovers } from '../../src/runner/cleanup.ts';
import { hub } from '../core/hub.ts';

it("keeps everything on the books and says why when the hub's authority can't be read", async () => {
  const owned = [
    { kind: 'server', id: '' },
    { kind: 'token', id: '01RUN' },
  ] as const;

  const removals = await removeLeftovers(
    hub({ tls: { ca: '/nowhere/ca.pem' } }),
    { apiUrl: 'https://127.0.0.1:9/hub/api/', user: 'canary', token: 'secret', cookies: null },
    owned,
  );

  expect(removals).toEqual(
    owned.map((thing) => ({
      thing,
      failedWith: expect.stringMatching(/^tls\.ca can't be read: ENOENT.*\/nowhere\/ca\.pem/),
    })),
  );
});
