import { describe, expect, it } from 'vitest';
import type { Broken } from '../../src/core/broken.ts';
import { expectLoggedIn, type SeenLoginAnswer } from '../../src/jupyterhub/login-answer.ts';

function reasonOf(status: number, seen: Partial<SeenLoginAnswer>, hubVersion: string | null = '5.5.4') {
  const answer = {
    method: 'POST',
    url: 'http://hub/hub/login',
    status,
    hubVersion,
    retryAfter: null,
    at: '',
  };
  try {
    expectLoggedIn(answer, { refusal: '', error: '', ...seen });
    return null;
  } catch (error) {
    return (error as Broken).reason;
  }
}

describe('what the answer to a login means', () => {
  it.each([
    ['the home page', 200, {}, null],
    ['a wrong password since 5.3', 403, { refusal: 'Invalid username or password' }, 'login-rejected'],
    ['a wrong password up to 5.2', 200, { refusal: 'Invalid username or password' }, 'login-rejected'],
    [
      'a wrong password in NativeAuthenticator',
      200,
      { refusal: 'Invalid username or password.' },
      'login-rejected',
    ],
    ['a wrong password in words of the hub', 200, { refusal: 'Identifiants invalides' }, 'login-rejected'],
    [
      'an account that NativeAuthenticator waits with',
      200,
      { refusal: 'User ada has not been authorized by an administrator yet.' },
      'not-authorized',
    ],
    ["an authenticator's own no since 5.3", 403, { refusal: 'Your course has ended' }, 'not-authorized'],
    [
      "an authenticator's own no up to 5.2",
      403,
      { error: '403 : Forbidden Your course has ended' },
      'not-authorized',
    ],
    ['an XSRF refusal since 5.3', 403, { refusal: 'Login form invalid or expired. Try again.' }, 'xsrf'],
    [
      'an XSRF refusal up to 5.2',
      403,
      { error: '403 : Forbidden XSRF cookie does not match POST argument' },
      'xsrf',
    ],
    ['a missing XSRF token', 403, { error: "'_xsrf' argument missing from POST" }, 'xsrf'],
    ['an authenticator that raises since 5.3', 500, { refusal: 'Internal Server Error' }, 'login-error'],
    ['an authenticator that raises up to 5.2', 500, { error: '500 : Internal Server Error' }, 'login-error'],
    ['a form that the hub can not read', 400, {}, 'login-error'],
  ] as const)('%s (%i)', (_, status, seen, reason) => {
    expect(reasonOf(status, seen)).toBe(reason);
  });

  it.each([404, 502, 503, 504])('a proxy in the place of the hub (%i)', (status) => {
    expect(reasonOf(status, {}, null)).toBe('hub-down');
  });
});
