import { HUBS_OWN_LOGIN_PAGE } from '../../src/core/hub.ts';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import { emptyLedger, enter, enterLeft, enterRemoved, recordOf } from '../../src/runner/ledger.ts';
import type { Ending, Message } from '../../src/runner/protocol.ts';
import type { RunOrder } from '../../src/runner/runner.ts';

const passed: Ending = { outcome: 'passed', failure: null };

function failedWith(outcome: 'failed' | 'errored'): Ending {
  const failure = {
    criterion: 'server',
    step: 'wait',
    reason: 'internal',
    attribution: 'probe',
    message: 'm',
  } as const;
  return { outcome, failure };
}

const order: RunOrder = {
  id: '01A',
  hub: {
    name: 'h',
    url: 'http://h/',
    cluster: null,
    identityProvider: null,
    canary: false,
    tier: 'production',
    secondAccount: null,
    login: {
      kind: 'password',
      username: 'u',
      password: { env: 'X' },
      selectors: HUBS_OWN_LOGIN_PAGE,
      steps: [],
    },
    probes: ['login', 'server'],
    schedule: '* * * * *',
    jitterMs: 0,
    maxLoginsPerHour: null,
    deadlineMs: 1,
    answerTimeoutMs: 1,
    tls: { ca: null },
    cleanupTimeoutMs: 120_000,
    server: {
      profile: null,
      profileOptions: {},
      form: [],
      query: {},
      name: '',
      kernel: 'python3',
      startTimeoutMs: 1,
      failureLimit: 0,
      slowAfterMs: 1,
      interfaceTimeoutMs: 1,
      kernelTimeoutMs: 1,
    },
    dask: {
      workers: 1,
      clusterOptions: {},
      startTimeoutMs: 1,
      workerTimeoutMs: 1,
      requestTimeoutMs: 1,
      computeTimeoutMs: 1,
    },
  },
  account: { username: 'u', password: { env: 'X' } },
  trigger: 'schedule',
  attempt: 1,
  probes: ['login', 'server'],
};

function record(messages: readonly Message[], ending: Ending): Run {
  const at = new Date(0);
  const ledger = messages.reduce(enter, emptyLedger);
  return recordOf({
    order,
    ledger,
    ending,
    startedAt: at,
    finishedAt: at,
    durationSeconds: 1.23456,
    cleanupSeconds: 0.12345,
  });
}

const loginPassed: Message = { kind: 'criterion', criterion: 'login', result: 'passed' };
const serverFailed: Message = { kind: 'criterion', criterion: 'server', result: 'failed' };
const ownsServer: Message = { kind: 'owned', thing: { kind: 'server', id: '' } };

describe('the record of a run', () => {
  it('says unknown of a criterion that nobody spoke of', () => {
    expect(record([loginPassed], failedWith('errored')).criteria).toEqual({
      login: 'passed',
      server: 'unknown',
    });
  });

  it('fails a criterion on the hub’s side', () => {
    expect(record([loginPassed, serverFailed], failedWith('failed')).criteria.server).toBe('failed');
  });

  it('fails no criterion when the fault turned out to be ours', () => {
    expect(record([loginPassed, serverFailed], failedWith('errored')).criteria.server).toBe('unknown');
  });

  it('keeps the step in which the worker died', () => {
    const run = record([{ kind: 'step-started', criterion: 'server', step: 'wait' }], failedWith('errored'));

    expect(run.steps).toEqual([
      { criterion: 'server', name: 'wait', status: 'failed', seconds: null, note: 'm' },
    ]);
  });

  it('is leaked as long as something owned was not removed', () => {
    expect(record([ownsServer], passed).cleanup).toEqual({
      status: 'leaked',
      left: [{ kind: 'server', id: '' }],
      removed: [],
      seconds: 0.123,
    });
    expect(
      record([ownsServer, { kind: 'removed', thing: { kind: 'server', id: '' } }], passed).cleanup.status,
    ).toBe('clean');
  });

  it('says why something is left, in the first words on it', () => {
    const thing = { kind: 'server', id: '' } as const;
    const messages: readonly Message[] = [ownsServer, { kind: 'left', thing, why: 'it did not stop' }];
    const ledger = messages.reduce(enter, emptyLedger);

    expect(enterLeft(ledger, thing, 'no answer').left).toEqual([{ ...thing, why: 'it did not stop' }]);
    expect(record(messages, passed).cleanup.left).toEqual([{ ...thing, why: 'it did not stop' }]);
  });

  it('owns nothing that was announced and not made', () => {
    const { owned, removed } = enter(enter(emptyLedger, ownsServer), {
      kind: 'not-made',
      thing: { kind: 'server', id: '' },
    });

    expect({ owned, removed }).toEqual({ owned: [], removed: [] });
  });

  it('counts what the parent removed as removed', () => {
    const ledger = enterRemoved(enter(emptyLedger, ownsServer), { kind: 'server', id: '' });

    expect(ledger).toMatchObject({ owned: [], removed: [{ kind: 'server', id: '' }] });
  });

  it('rounds durations to milliseconds', () => {
    expect(record([], passed).durationSeconds).toBe(1.235);
  });
});
