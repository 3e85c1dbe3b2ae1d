import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/jupyterhub/ask.ts';
import { HubApi } from '../../src/jupyterhub/hub-api.ts';
import { revokeRunTokens, tokenNote } from '../../src/jupyterhub/run-tokens.ts';

const NOBODY = { status: 403, text: '{"status": 403, "message": "Missing or invalid credentials."}' };
const NOT_ALLOWED = {
  status: 403,
  text: '{"status": 403, "message": "Action is not authorized with current scopes; requires any of [tokens]"}',
};
/** Of a firewall, or for want of the `_xsrf` cookie. */
const SOMEBODY_ELSE = { status: 403, text: '<html>Request blocked</html>' };

function revoke({ list, revoked = { status: 204, text: '' } }: { list?: Answer; revoked?: Answer }) {
  const asked: string[] = [];
  const tokens = [
    { id: 'own', note: tokenNote('R2') },
    { id: 'theirs', note: 'my laptop' },
    { id: 'earlier', note: tokenNote('R1') },
  ];
  const api = new HubApi('http://hub/api/', async ({ method, url }) => {
    if (method === 'GET') return list ?? { status: 200, text: JSON.stringify({ api_tokens: tokens }) };
    asked.push(url.replace(/.*tokens./, ''));
    return revoked;
  });
  const done = revokeRunTokens(api, 'canary', 'R2', AbortSignal.timeout(1_000));
  return done.then(() => asked);
}

describe('revoking the tokens of runs', () => {
  it('takes all of ours and nobody else’s, the one we may be asking with last', async () => {
    expect(await revoke({})).toEqual(['earlier', 'own']);
  });

  it.each<[what: string, answers: Parameters<typeof revoke>[0]]>([
    ['the token we ask with is gone', { list: NOBODY }],
    ['users of this hub have none', { list: NOT_ALLOWED }],
    ['it is gone by the time it is revoked', { revoked: NOBODY }],
    ['somebody else revoked it', { revoked: { status: 404, text: '' } }],
  ])('is done when %s', async (_, answers) => {
    await expect(revoke(answers)).resolves.toBeInstanceOf(Array);
  });

  it.each<[what: string, answers: Parameters<typeof revoke>[0]]>([
    ['the list is refused by somebody else', { list: SOMEBODY_ELSE }],
    ['revoking is refused by somebody else', { revoked: SOMEBODY_ELSE }],
    ['revoking is not allowed', { revoked: NOT_ALLOWED }],
    ['the hub fails', { revoked: { status: 500, text: '' } }],
  ])('is not done when %s', async (_, answers) => {
    await expect(revoke(answers)).rejects.toMatchObject({ name: 'HubApiError' });
  });
});
