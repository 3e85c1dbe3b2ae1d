import { Broken } from '../core/broken.ts';
import { oneLine, readableMs } from '../core/text.ts';
import type { Answered, KernelAnswer, NoAnswer, SocketEnd, StartedKernel } from './kernel-page.ts';

/** What the server says of a kernel that has not done what was asked of it; null where it was not asked. */
export type Look = Answered | null;

/** What it means that the server gave no kernel. */
export function kernelNotStarted(started: Exclude<StartedKernel, { kind: 'started' }>, name: string): Broken {
  if (started.kind === 'refused') return kernelRefused(started.answer);
  const offered = started.offered.join(', ') || 'none';
  return new Broken('kernel-missing', `no kernel "${name}" here, only: ${offered}`, { attribution: 'image' });
}

/** What a look at a kernel says that was given and can't be reached yet. `lastActivity` is the server's first word on it. */
export function signOf(look: Answered, lastActivity: string): 'server-gone' | 'ended' | 'alive' | 'none' {
  if (serverGone(look) !== null) return 'server-gone';
  const state = stateOf(look);
  if (state === 'gone' || state === 'dead') return 'ended';
  // "starting" until somebody is connected, even of a kernel that is well; but what it says moves its last activity.
  const isHeard = look.kind === 'answer' && valueOf('last_activity', look.text) !== lastActivity;
  return state === 'idle' || state === 'busy' || (state !== 'unknown' && isHeard) ? 'alive' : 'none';
}

/** What it means that the WebSocket of a given kernel did not open. */
export function kernelNotReached(
  end: Exclude<SocketEnd, 'open'>,
  kernel: { readonly lastActivity: string; readonly withinMs: number },
  look: Answered,
): Broken {
  const within = readableMs(kernel.withinMs);
  switch (signOf(look, kernel.lastActivity)) {
    case 'server-gone':
      return serverGone(look) ?? kernelRefused(look);
    case 'ended':
      return new Broken('kernel-failed', 'the kernel was started and ended before anybody could reach it');
    case 'none':
      return new Broken('kernel-timeout', `the kernel did not come up within ${within}`);
    case 'alive':
      // The server opens it when the kernel is ready: late may be the kernel's doing, a refusal is not.
      return end === 'late'
        ? new Broken(
            'kernel-timeout',
            `the kernel was started, but its WebSocket was not open within ${within}: it is slow, or something on the way holds it back`,
          )
        : new Broken(
            'server-unreachable',
            'the kernel runs, but its WebSocket was refused: something on the way does not let it through',
          );
  }
}

/** What a statement printed, or why there is nothing. */
export function outputOf(answer: KernelAnswer, withinMs: number, look: Look): string {
  switch (answer.kind) {
    case 'done':
      return answer.output;
    case 'raised':
      throw new KernelRaised(answer.name, answer.value);
    case 'died':
      throw new Broken('kernel-died', `the kernel went ${answer.state} in the middle of a statement`);
    case 'closed':
      throw serverGone(look) ?? socketClosed(answer.code, stateOf(look));
    case 'late':
      throw serverGone(look) ?? tooLate(withinMs, stateOf(look));
  }
}

/** The statement raised: an answer of the kernel, to be explained by whoever asked. */
export class KernelRaised extends Error {
  override readonly name = 'KernelRaised';
  readonly exception: string;

  constructor(exception: string, value: string) {
    super(`${exception}: ${oneLine(value)}`);
    this.exception = exception;
  }
}

/** Broken when not the server answers any more, but somebody in its place or nobody at all. */
export function serverGone(look: Look): Broken | null {
  if (look === null) return null;
  if (look.kind === 'no-answer') return noAnswer(look);
  // The hub answers for servers it knows to be gone: 424, and 503 up to JupyterHub 1.5.
  if (look.status === 424) {
    return new Broken('server-error', 'the hub says that the server it had started is not running any more');
  }
  if (look.hubVersion === null && [502, 503, 504].includes(look.status)) {
    const message = `the started server is gone: the proxy answered ${look.status} in its place`;
    return new Broken('server-unreachable', message);
  }
  return null;
}

function noAnswer({ error }: NoAnswer): Broken {
  return new Broken('server-unreachable', `the started server answers no more: ${oneLine(error)}`);
}

function kernelRefused(answer: Answered): Broken {
  if (answer.kind === 'no-answer') return noAnswer(answer);
  const gone = serverGone(answer);
  if (gone !== null) return gone;
  const { status, text } = answer;
  if (status < 300) {
    return new Broken('kernel-failed', `asked for a kernel, something answered ${status} and named none`);
  }
  return new Broken('kernel-failed', `asked for a kernel, the server answered ${status} ${oneLine(text)}`);
}

function socketClosed(code: number, state: KernelState): Broken {
  if (state === 'gone' || state === 'dead' || state === 'unknown') {
    const message = `the kernel's WebSocket was closed in the middle of a statement (${code})`;
    return new Broken('kernel-died', message);
  }
  return new Broken(
    'server-unreachable',
    `the kernel is ${state}, but its WebSocket was cut in the middle of a statement (${code})`,
  );
}

function tooLate(withinMs: number, state: KernelState): Broken {
  const within = readableMs(withinMs);
  const says = state === 'unknown' ? '' : `; the server says that it is ${state}`;
  return new Broken('kernel-timeout', `the kernel did not answer within ${within}${says}`);
}

/** Jupyter's own words; `gone`: the server knows no such kernel; `unknown`: it did not say. */
type KernelState = string;

function stateOf(look: Look): KernelState {
  if (look === null || look.kind === 'no-answer') return 'unknown';
  if (look.status === 404) return 'gone';
  return valueOf('execution_state', look.text) ?? 'unknown';
}

function valueOf(field: string, text: string): string | null {
  return new RegExp(`"${field}":\\s*"([^"]*)"`).exec(text)?.[1] ?? null;
}
