import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import { OwnFault } from '../../src/core/own-fault.ts';
import type { Ask } from '../../src/jupyterhub/ask.ts';
import { HubApi } from '../../src/jupyterhub/hub-api.ts';
import { clearLeftover } from '../../src/jupyterhub/spawn.ts';

const GO_ON = new AbortController().signal;

/** A hub that has a server of ours and answers every wish to stop it like this. */
function clear(pending: string | null, refusal: { status: number; text: string }) {
  const ask: Ask = async ({ method }) =>
    method === 'DELETE'
      ? refusal
      : { status: 200, text: JSON.stringify({ name: 'canary', servers: { '': { ready: false, pending } } }) };
  const session = { user: 'canary', api: new HubApi('https://hub.example.org/hub/api/', ask) };
  return clearLeftover(session, '', 400, GO_ON).catch((error: unknown) => error);
}

describe('a server from an earlier visit', () => {
  it('that is still being started, which the hub cannot interrupt, is not held against the hub', async () => {
    const thrown = await clear('spawn', { status: 400, text: '{"message": "canary is pending spawn"}' });

    expect(thrown).toBeInstanceOf(OwnFault);
    expect(thrown).toMatchObject({
      message: expect.stringMatching(/^the start of a server from an earlier/),
    });
  });

  it.each([
    ['stop', 202],
    [null, 202],
  ])('that does not stop (pending: %s) is', async (pending, status) => {
    const thrown = await clear(pending, { status, text: '' });

    expect(thrown).toBeInstanceOf(Broken);
    expect(thrown).toMatchObject({ reason: 'stop-stuck' });
  });
});
