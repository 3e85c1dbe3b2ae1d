import type { Duplex } from 'node:stream';
import { type CheckChanges, SERVER } from '../check-hub.ts';
import type { Arranged, Row } from './row.ts';

const server: CheckChanges = { probes: ['login', 'server'] };
/** A short limit, for rows in which nobody says no. */
const impatient: CheckChanges = {
  ...server,
  hub: { server: { ...SERVER, kernelTimeoutMs: 20_000 } },
};

/** A proxy on the way that does something else with WebSockets than passing them on. */
function webSockets(what: string, upgrade: (socket: Duplex) => void): Arranged {
  return {
    what,
    alike: true,
    async arrange(stage) {
      await stage.front({
        upgrade(_, socket) {
          upgrade(socket);
          return true;
        },
      });
      return undefined;
    },
  };
}

/** Faults of the kernel and the way to it. */
export const kernelFaults: readonly Row[] = [
  {
    fault: 'kernelspec-missing',
    criterion: 'server',
    reason: 'kernel-missing',
    attribution: 'image',
    says: 'no kernel "python3" here, only: none',
    changes: server,
  },
  {
    fault: 'kernel-command-missing',
    criterion: 'server',
    reason: 'kernel-failed',
    says: /^asked for a kernel, the server answered 500 /,
    changes: server,
  },
  {
    fault: 'kernel-exits',
    criterion: 'server',
    reason: 'kernel-failed',
    says: 'the kernel was started and ended before anybody could reach it',
    changes: server,
  },
  {
    fault: webSockets('a proxy refuses WebSockets', (socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'),
    ),
    criterion: 'server',
    reason: 'server-unreachable',
    says: 'the kernel runs, but its WebSocket was refused: something on the way does not let it through',
    changes: server,
  },
  {
    fault: webSockets('a proxy lets WebSockets wait for ever', () => {}),
    criterion: 'server',
    reason: 'kernel-timeout',
    says: 'the kernel was started, but its WebSocket was not open within 20 s: it is slow, or something on the way holds it back',
    changes: impatient,
    silent: true,
  },
  {
    fault: 'kernel-dies',
    criterion: 'server',
    reason: 'kernel-died',
    says: /^the kernel went \w+ in the middle of a statement$/,
    changes: server,
  },
  // A user's work is lost all the same, so an answer of the new kernel is none.
  {
    fault: 'kernel-dies-once',
    criterion: 'server',
    reason: 'kernel-died',
    says: /^the kernel went \w+ in the middle of a statement$/,
    changes: server,
  },
  {
    fault: 'kernel-hangs',
    criterion: 'server',
    reason: 'kernel-timeout',
    says: /^the kernel did not answer within 20 s; the server says that it is \w+$/,
    changes: impatient,
    silent: true,
  },
  {
    fault: 'kernel-raises',
    criterion: 'server',
    reason: 'wrong-result',
    says: /^the kernel was asked for \d+ \* \d+ and raised RuntimeError: the kernel fails on purpose$/,
    changes: server,
  },
  {
    fault: 'kernel-answers-wrong',
    criterion: 'server',
    reason: 'wrong-result',
    says: /^the kernel was asked for \d+ \* \d+ and answered "42", not \d+$/,
    changes: server,
  },
  // Only the line behind the marker is an answer.
  { fault: 'kernel-is-noisy', criterion: null, reason: null, says: '', changes: server },
];
