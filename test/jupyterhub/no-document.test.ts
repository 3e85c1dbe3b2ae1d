import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import { OwnFault } from '../../src/core/own-fault.ts';
import { explainFailure } from '../../src/jupyterhub/no-document.ts';

const HUB = 'https://hub.example.org/';

function told(error: string, url = 'https://hub.example.org/hub/login?next=%2Fhub%2Fhome') {
  const explained = explainFailure({ error: `net::${error}`, url }, HUB);
  if (!(explained instanceof Broken) && !(explained instanceof OwnFault)) throw explained;
  return { reason: explained.reason, message: explained.message };
}

describe('what it means that no document came', () => {
  it.each([
    ['ERR_NAME_NOT_RESOLVED', 'hub-unreachable', /^its name does not resolve: net::ERR_NAME_NOT_RESOLVED at/],
    ['ERR_CONNECTION_REFUSED', 'hub-unreachable', /^the connection was refused/],
    ['ERR_CONNECTION_TIMED_OUT', 'hub-unreachable', /^no connection in time/],
    ['ERR_CERT_DATE_INVALID', 'hub-unreachable', /^its certificate is not accepted/],
    ['ERR_SSL_PROTOCOL_ERROR', 'hub-unreachable', /^TLS did not come about/],
    ['ERR_EMPTY_RESPONSE', 'hub-unreachable', /^the connection was cut before an answer came/],
    ['ERR_INCOMPLETE_CHUNKED_ENCODING', 'hub-unreachable', /^the answer was cut off/],
    ['ERR_SOMETHING_NEW', 'hub-unreachable', /^no answer to be had: net::ERR_SOMETHING_NEW/],
    ['ERR_TOO_MANY_REDIRECTS', 'redirect-loop', /in circles/],
    ['ERR_INTERNET_DISCONNECTED', 'network-down', /the probe's own network/],
    ['ERR_PROXY_CONNECTION_FAILED', 'network-down', /the probe's own proxy can't be reached/],
    ['ERR_OUT_OF_MEMORY', 'out-of-memory', /the browser has no memory/],
    ['ERR_FILE_NO_SPACE', 'disk-full', /no room left to write/],
    ['ERR_INSUFFICIENT_RESOURCES', 'internal', /has run out of what it needs/],
  ])('%s', (error, reason, message) => {
    expect(told(error)).toEqual({ reason, message: expect.stringMatching(message) });
  });

  it('elsewhere is not held against the hub', () => {
    expect(told('ERR_CONNECTION_REFUSED', 'https://id.example.com/auth?state=secret')).toEqual({
      reason: 'identity-provider-unreachable',
      message:
        'the hub sent the browser on to id.example.com, and the connection was refused: net::ERR_CONNECTION_REFUSED at https://id.example.com/auth',
    });
  });

  it('says no query', () => {
    expect(told('ERR_CONNECTION_REFUSED').message).not.toContain('next=');
  });
});
