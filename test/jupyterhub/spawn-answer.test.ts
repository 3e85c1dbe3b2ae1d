import { describe, expect, it } from 'vitest';
import type { DocumentAnswer } from '../../src/jupyterhub/page-watch.ts';
import { refusalIn, startFailed } from '../../src/jupyterhub/spawn-answer.ts';

function answer(changes: Partial<DocumentAnswer>): DocumentAnswer {
  return {
    method: 'GET',
    url: 'http://hub/hub/spawn?_xsrf=secret',
    status: 200,
    hubVersion: '5.5.4',
    retryAfter: null,
    at: '',
    ...changes,
  };
}

const nothing = { complaint: '', error: '' };

describe('what the answer to the wish for a server means', () => {
  it.each([
    ['the options form', {}, nothing, undefined],
    [
      'the pending page, when the start has failed already',
      { url: 'http://hub/hub/spawn-pending/ada', status: 500 },
      { ...nothing, error: 'Spawn failed' },
      undefined,
    ],
    ['a quota', { status: 403 }, { ...nothing, error: '403 : Forbidden Quota' }, 'spawn-refused'],
    ['too many starts', { status: 429, retryAfter: '40' }, nothing, 'spawn-throttled'],
    [
      'too many starts, told by the form with status 200',
      {},
      { ...nothing, complaint: 'Error: HTTP 429: Too Many Requests' },
      'spawn-throttled',
    ],
    [
      'a form that the hub can not read',
      {},
      { ...nothing, complaint: 'Error: no such size' },
      'options-form-broken',
    ],
    [
      'a form that the hub refuses',
      { status: 403 },
      { ...nothing, complaint: 'Error: HTTP 403: Forbidden' },
      'spawn-refused',
    ],
  ])('%s', (_, changes, seen, reason) => {
    expect(refusalIn(answer(changes), seen)?.reason).toBe(reason);
  });

  it('says what the hub says, without a query', () => {
    const refusal = refusalIn(answer({ status: 500 }), { ...nothing, error: '500 : Internal Server Error' });

    expect(refusal?.message).toBe(
      'asked for a server, the hub answered 500 at http://hub/hub/spawn: "500 : Internal Server Error"',
    );
  });

  it('is hub-down when a proxy gives it', () => {
    expect(() => refusalIn(answer({ status: 503, hubVersion: null }), nothing)).toThrow('no hub behind it');
  });
});

describe('what it means that a start has ended', () => {
  const event = (message: string) => ({ message, failed: true, ready: false });

  it.each([
    ['start_timeout since 5', 'Spawn failed: ', 'spawn-timeout'],
    ['start_timeout up to 4', 'Spawn failed: Timeout', 'spawn-timeout'],
    [
      'http_timeout',
      "Spawn failed: Server at http://10.0.0.7:8888/user/ada/api didn't respond in 30 seconds",
      'spawn-timeout',
    ],
    [
      "KubeSpawner's own",
      'Spawn failed: pod jhub/jupyter-ada did not start in 300 seconds!',
      'spawn-timeout',
    ],
    ['an exception', 'Spawn failed: quota exceeded', 'spawn-failed'],
  ])('%s', (_, message, reason) => {
    expect(startFailed(event(message), false).reason).toBe(reason);
  });

  it('without a word', () => {
    expect(startFailed(null, false).message).toBe('the hub failed to start the server without a word');
    expect(startFailed(null, true).message).toContain('the hub was away while the server started');
  });
});
