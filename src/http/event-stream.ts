import type { FastifyReply } from 'fastify';
import { Problem } from './problem.ts';

/** Keeps proxies from cutting a stream in which nothing happens for minutes. */
const HEARTBEAT_MS = 15_000;
/** Whoever lets so much wait reads no more, and is cut off. */
const UNREAD_BYTES = 2 ** 20;
/** Each holds a connection and its memory for as long as somebody likes; a team has some tabs open, not hundreds. */
const MOST_OPEN = 256;
const RETRY_AFTER_SECONDS = 30;

/** An open stream of server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  send(data: unknown): void;
  end(): void;
}

/** The open streams of one service. */
export class EventStreams {
  readonly #most: number;
  #open = 0;

  constructor(most = MOST_OPEN) {
    this.#most = most;
  }

  /**
   * Turns an answer into a stream; `onClose` is called once, whoever ended it: at once where the client has left already.
   * @throws {Problem} 503 when there are too many already.
   */
  open(reply: FastifyReply, onClose: () => void): EventStream {
    if (this.#open >= this.#most) {
      const detail = `${this.#most} streams of events are open, and more would take the memory of the probes; close some, or read without /events`;
      throw new Problem(503, 'Too many event streams', detail, {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
    }
    this.#open += 1;
    return openEventStream(reply, () => {
      this.#open -= 1;
      onClose();
    });
  }
}

/**
 * After its end nothing is written any more: behind another answer on the same connection it may wait for ever to be closed,
 * and a late write would be an error of the process.
 */
function openEventStream(reply: FastifyReply, onClose: () => void): EventStream {
  reply.hijack();
  const { raw, request } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  // Tells the browser at once that it is connected.
  raw.flushHeaders();
  let isOver = false;
  const over = () => {
    if (isOver) return;
    isOver = true;
    clearInterval(heartbeat);
    onClose();
  };
  const write = (text: string) => {
    if (isOver) return;
    raw.write(text);
    if (raw.writableLength > UNREAD_BYTES) raw.destroy();
  };
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
  raw.on('close', over);
  // The connection broke, of which `close` tells too.
  raw.on('error', over);
  // The client left while its request was looked at, of which nothing tells again. As ever, the caller has its stream first.
  if (request.raw.socket.destroyed) queueMicrotask(over);
  return {
    send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
    end() {
      over();
      raw.end();
    },
  };
}
