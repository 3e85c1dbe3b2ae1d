import { describe, expect, it } from 'vitest';
import { type OwnSide, blame, mayBeOurs } from '../../src/core/blame.ts';
import type { Reason } from '../../src/core/reason.ts';
import type { OutcomeKind } from '../../src/core/run.ts';

const well: OwnSide = { networkIsDown: false, diskTrouble: null, crash: null };

function ended(outcome: OutcomeKind, reason: Reason) {
  const attribution = outcome === 'failed' ? 'hub' : 'probe';
  return {
    outcome,
    failure: { criterion: 'server', step: 'wait', reason, attribution, message: 'what was seen' },
  } as const;
}

describe('whose side a run that did not pass is on', () => {
  it.each([
    ['the hub broke and we are well', ended('failed', 'spawn-failed'), well, 'failed', 'spawn-failed'],
    [
      'nobody answers, and no other either',
      ended('failed', 'hub-timeout'),
      { ...well, networkIsDown: true },
      'errored',
      'network-down',
    ],
    [
      'the hub said no, and the network went down then',
      ended('failed', 'spawn-failed'),
      { ...well, networkIsDown: true },
      'failed',
      'spawn-failed',
    ],
    [
      'the hub broke while our disk was full',
      ended('failed', 'interface-broken'),
      { ...well, diskTrouble: 'ENOSPC' },
      'errored',
      'disk-full',
    ],
    [
      'the hub said no while our disk was full',
      ended('failed', 'login-error'),
      { ...well, diskTrouble: 'ENOSPC' },
      'failed',
      'login-error',
    ],
    [
      'the browser did not start on a full disk',
      ended('errored', 'browser-crashed'),
      { ...well, diskTrouble: 'ENOSPC' },
      'errored',
      'disk-full',
    ],
    [
      'the page crashed',
      ended('errored', 'browser-crashed'),
      { ...well, crash: 'killed by signal 9' },
      'errored',
      'browser-crashed',
    ],
    [
      'the hub broke, and the page crashed after',
      ended('failed', 'spawn-failed'),
      { ...well, crash: 'killed by signal 9' },
      'failed',
      'spawn-failed',
    ],
  ] as const)('%s', (_, before, own, outcome, reason) => {
    const after = blame(before, own);

    expect(after).toMatchObject({
      outcome,
      failure: {
        reason,
        criterion: 'server',
        step: 'wait',
        attribution: outcome === 'failed' ? 'hub' : 'probe',
      },
    });
  });

  it('keeps what was seen in the message', () => {
    const { failure } = blame(ended('failed', 'hub-timeout'), { ...well, networkIsDown: true });

    expect(failure?.message).toMatch(/own network is down.*: what was seen$/);
  });

  it('leaves a run that passed or was stopped alone', () => {
    const own = { networkIsDown: true, diskTrouble: 'ENOSPC', crash: 'x' };
    const passed = { outcome: 'passed', failure: null } as const;

    expect(blame(passed, own)).toBe(passed);
    expect(mayBeOurs(passed)).toBe(false);
  });

  it.each<[Reason, boolean]>([
    ['hub-unreachable', true],
    ['kernel-timeout', true],
    ['hub-error', false],
    ['gateway-unreachable', false],
  ])('with %s our own side is worth a look: %s', (reason, worth) => {
    expect(mayBeOurs(ended('failed', reason))).toBe(worth);
  });
});
