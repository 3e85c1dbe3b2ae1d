import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import { NoAnswer } from '../../src/jupyterhub/ask.ts';
import { HubApiError } from '../../src/jupyterhub/hub-api.ts';
import { OwnFault } from '../../src/core/own-fault.ts';
import { Aborted, DeadlineOver, explain } from '../../src/worker/explain.ts';

const where = { criterion: 'server', step: 'wait' } as const;

describe('whose side an error is on', () => {
  it.each([
    [new Broken('spawn-failed', 'x'), 'failed', 'spawn-failed', 'hub'],
    [
      new Broken('workers-timeout', 'x', { attribution: 'capacity' }),
      'failed',
      'workers-timeout',
      'capacity',
    ],
    [new HubApiError('ask', { status: 503, text: '' }), 'failed', 'hub-down', 'hub'],
    [new HubApiError('ask', { status: 500, text: '' }), 'failed', 'hub-error', 'hub'],
    [
      new NoAnswer('https://hub/', new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
      'failed',
      'hub-unreachable',
      'hub',
    ],
    [
      new NoAnswer('https://hub/', new DOMException('timeout', 'TimeoutError')),
      'failed',
      'hub-timeout',
      'hub',
    ],
    [new Error('page.evaluate: Target crashed while asking'), 'errored', 'browser-crashed', 'probe'],
    [new OwnFault('network-down', 'x'), 'errored', 'network-down', 'probe'],
    [new OwnFault('browser-missing', 'x'), 'errored', 'browser-missing', 'probe'],
    [new DeadlineOver('x'), 'errored', 'deadline', 'probe'],
    [
      new Error('page.goto: Target page, context or browser has been closed'),
      'errored',
      'browser-crashed',
      'probe',
    ],
    [new Error('page.evaluate: Target crashed'), 'errored', 'browser-crashed', 'probe'],
    [new TypeError("can't read x of undefined"), 'errored', 'internal', 'probe'],
    ['a string', 'errored', 'internal', 'probe'],
    [new Aborted('x'), 'aborted', 'aborted', 'probe'],
  ])('%s → %s, %s, %s', (error, outcome, reason, attribution) => {
    const ending = explain(error, where);

    expect(ending).toMatchObject({ outcome, failure: { ...where, reason, attribution } });
  });
});
