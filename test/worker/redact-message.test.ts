import { describe, expect, it } from 'vitest';
import { redactMessage } from '../../src/worker/redact-message.ts';

const redact = (text: string) => text.replaceAll('login', '[secret]');

describe('a message of the worker', () => {
  it('has its foreign words redacted, and keeps our own whatever the password is', () => {
    const step = { criterion: 'login', name: 'submit the login form', status: 'failed', seconds: 1 } as const;
    const message = {
      kind: 'step-finished',
      step: { ...step, note: 'the password is login' },
      slowLimitSeconds: null,
    } as const;

    expect(redactMessage(message, redact)).toEqual({
      kind: 'step-finished',
      step: { ...step, note: 'the password is [secret]' },
      slowLimitSeconds: null,
    });
  });

  it('that hands up the key to clean up is left as it is', () => {
    const custody = { apiUrl: 'http://hub/', user: 'login', token: 'login', cookies: null };

    expect(redactMessage({ kind: 'custody', custody }, redact)).toEqual({ kind: 'custody', custody });
  });
});
