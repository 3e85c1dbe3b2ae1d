import type { FastifyReply } from 'fastify';

/** Keeps proxies from cutting a stream in which nothing happens for minutes. */
const HEARTBEAT_MS = 15_000;
/** Whoever lets so much wait reads no more, and is cut off. */
const UNREAD_BYTES = 2 ** 20;

/** An open stream of server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  send(data: unknown): void;
  end(): void;
}

/**
 * Turns an answer into a stream; `onClose` is called once, whoever ended it. After its end nothing is written any more: behind
 * another answer on the same connection it may wait for ever to be closed, and a late write would be an error of the process.
 */
export function openEventStream(reply: FastifyReply, onClose: () => void): EventStream {
  reply.hijack();
  const { raw } = reply;
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
  return {
    send: (data) => write(`data: ${JSON.stringify(data)}\n\n`),
    end() {
      over();
      raw.end();
    },
  };
}
