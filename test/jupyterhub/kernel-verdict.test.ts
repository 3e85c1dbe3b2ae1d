import { describe, expect, it } from 'vitest';
import type { Answered, KernelAnswer, StartedKernel } from '../../src/jupyterhub/kernel-page.ts';
import {
  KernelRaised,
  type Look,
  kernelNotReached,
  kernelNotStarted,
  outputOf,
  signOf,
} from '../../src/jupyterhub/kernel-verdict.ts';

function answer(status: number, text = '', hubVersion: string | null = '5.5.4') {
  return { kind: 'answer', status, text, hubVersion } as const;
}
const silence = { kind: 'no-answer', error: 'TypeError: Failed to fetch' } as const;
const BEGINNING = '2026-01-01T00:00:00Z';
const kernelIs = (state: string, lastActivity = BEGINNING) =>
  answer(200, JSON.stringify({ id: 'k', last_activity: lastActivity, execution_state: state }));
const heardOf = kernelIs('starting', '2026-01-01T00:00:03Z');

describe('a server that gives no kernel', () => {
  it.each<[string, Exclude<StartedKernel, { kind: 'started' }>, string, RegExp]>([
    ['no such kernelspec', { kind: 'missing', offered: ['ir'] }, 'kernel-missing', /only: ir$/],
    ['no kernelspec', { kind: 'missing', offered: [] }, 'kernel-missing', /only: none$/],
    [
      'server error',
      { kind: 'refused', answer: answer(500, '{"message": "no space"}') },
      'kernel-failed',
      /answered 500 .*no space/,
    ],
    [
      'a page in the place of an answer',
      { kind: 'refused', answer: answer(200, '<html>') },
      'kernel-failed',
      /answered 200 and named none/,
    ],
    [
      'a proxy in the place of the server',
      { kind: 'refused', answer: answer(503, '', null) },
      'server-unreachable',
      /proxy answered 503/,
    ],
    [
      "the server's own 503",
      { kind: 'refused', answer: answer(503) },
      'kernel-failed',
      /server answered 503/,
    ],
    [
      'the hub says that it stopped',
      { kind: 'refused', answer: answer(424) },
      'server-error',
      /not running any more/,
    ],
    ['no answer', { kind: 'refused', answer: silence }, 'server-unreachable', /answers no more/],
  ])('%s', (_, started, reason, says) => {
    const broken = kernelNotStarted(started, 'python3');

    expect(broken.reason).toBe(reason);
    expect(broken.message).toMatch(says);
    expect(broken.attribution).toBe(reason === 'kernel-missing' ? 'image' : 'hub');
  });
});

describe('a kernel that can not be reached', () => {
  it.each<[string, Answered, ReturnType<typeof signOf>]>([
    ['is idle', kernelIs('idle'), 'alive'],
    ['is busy', kernelIs('busy'), 'alive'],
    ['is starting, and has been heard of since', heardOf, 'alive'],
    ['is starting, and was never heard of', kernelIs('starting'), 'none'],
    ['is dead', kernelIs('dead', 'later'), 'ended'],
    ['is forgotten', answer(404), 'ended'],
    ['is not spoken of', answer(200, '<html>'), 'none'],
    ['has a server that answers no more', silence, 'server-gone'],
    ['has a proxy in the place of its server', answer(503, '', null), 'server-gone'],
  ])('%s', (_, look, sign) => {
    expect(signOf(look, BEGINNING)).toBe(sign);
  });

  it.each<['refused' | 'late', Answered, string, RegExp]>([
    ['refused', kernelIs('dead'), 'kernel-failed', /ended before anybody/],
    ['late', answer(404), 'kernel-failed', /ended before anybody/],
    ['refused', heardOf, 'server-unreachable', /runs, but its WebSocket was refused: something on the way/],
    [
      'late',
      heardOf,
      'kernel-timeout',
      /WebSocket was not open within 60 s: it is slow, or something on the way/,
    ],
    ['late', kernelIs('starting'), 'kernel-timeout', /did not come up within 60 s/],
    ['refused', silence, 'server-unreachable', /answers no more/],
    ['late', answer(424), 'server-error', /not running any more/],
  ])('because its WebSocket is %s', (end, look, reason, says) => {
    const broken = kernelNotReached(end, { lastActivity: BEGINNING, withinMs: 60_000 }, look);

    expect(broken.reason).toBe(reason);
    expect(broken.message).toMatch(says);
  });
});

describe('a statement', () => {
  it('that ended has its output', () => {
    expect(outputOf({ kind: 'done', output: '42' }, 1000, null)).toBe('42');
  });

  it('that raised is an answer, to be judged by whoever asked', () => {
    const raised = { kind: 'raised', name: 'NameError', value: 'x' } as const;

    expect(() => outputOf(raised, 1000, null)).toThrow(KernelRaised);
  });

  it.each<[string, KernelAnswer, Look, string, RegExp]>([
    ['kernel restarts', { kind: 'died', state: 'restarting' }, null, 'kernel-died', /went restarting/],
    ['socket cut, kernel gone', { kind: 'closed', code: 1006 }, answer(404), 'kernel-died', /\(1006\)/],
    ['socket cut, server odd', { kind: 'closed', code: 1006 }, answer(500), 'kernel-died', /\(1006\)/],
    [
      'socket cut, kernel well',
      { kind: 'closed', code: 1001 },
      kernelIs('busy'),
      'server-unreachable',
      /kernel is busy, but its WebSocket was cut .*\(1001\)/,
    ],
    [
      'socket cut, server gone',
      { kind: 'closed', code: 1006 },
      answer(503, '', null),
      'server-unreachable',
      /proxy answered 503/,
    ],
    [
      'socket cut, server stopped',
      { kind: 'closed', code: 1006 },
      answer(424),
      'server-error',
      /not running/,
    ],
    [
      'silent, kernel busy',
      { kind: 'late' },
      kernelIs('busy'),
      'kernel-timeout',
      /within 8 s; .* it is busy/,
    ],
    ['silent, kernel unknown', { kind: 'late' }, answer(200, 'x'), 'kernel-timeout', /within 8 s$/],
    ['silent, server silent', { kind: 'late' }, silence, 'server-unreachable', /answers no more/],
  ])('with %s', (_, said, look, reason, says) => {
    const judge = () => outputOf(said, 8_000, look);

    expect(judge).toThrow(expect.objectContaining({ reason, attribution: 'hub' }));
    expect(judge).toThrow(says);
  });
});
