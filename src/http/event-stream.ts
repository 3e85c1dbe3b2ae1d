import type { FastifyReply } from 'fastify';

/** Keeps proxies from cutting a stream in which nothing happens for minutes. */
const HEARTBEAT_MS = 15_000;

/** An open stream of server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  send(data: unknown): void;
  end(): void;
}

/** Turns an answer into a stream; `onClose` is called once, whoever ended it. */
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
  const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
  raw.on('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  return {
    send: (data) => void raw.write(`data: ${JSON.stringify(data)}\n\n`),
    end: () => void raw.end(),
  };
}
