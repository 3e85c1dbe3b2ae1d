import {
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
  createServer,
  request,
} from 'node:http';
import { type ServerOptions, createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';

/** An HTTP proxy in front of the hub, as an ingress is: it can misbehave, and it remembers who was answered what and when. */
export interface Front extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  readonly answers: readonly FrontAnswer[];
}

/** Something that went to the browser or to the probe. */
export interface FrontAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  /** `performance.now()` of this process, when its last byte went on its way. */
  readonly atMs: number;
  /** Set for one event of a stream: its text. */
  readonly event?: string;
}

export interface FrontOptions {
  /** Whom it stands in front of. */
  readonly target: string;
  /** Key and certificate: it then speaks TLS. */
  readonly tls?: ServerOptions;
  /** Answers 504 when the target has not begun to answer by then. */
  readonly answerWithinMs?: number;
  /** Changes what is asked of the target: another address, other headers. */
  readonly forward?: (asked: IncomingMessage) => RequestOptions;
  /** Answers in the target's place; returns false to pass the request on. */
  readonly answer?: (asked: IncomingMessage, response: ServerResponse) => boolean;
  /** Takes a WebSocket's opening in the target's place; returns false to pass it on. */
  readonly upgrade?: (asked: IncomingMessage, socket: Duplex) => boolean;
  /** Says no like an ingress that has no body to show. */
  readonly emptyErrors?: boolean;
  /** Cuts the connection after so many bytes of an answer's body. */
  readonly cutAfterBytes?: number;
}

export async function startFront(options: FrontOptions): Promise<Front> {
  const answers: FrontAnswer[] = [];
  const onRequest = (asked: IncomingMessage, response: ServerResponse) => {
    const note = (event?: string) =>
      answers.push({
        method: asked.method ?? '',
        path: pathOf(asked),
        status: response.statusCode,
        atMs: performance.now(),
        ...(event === undefined ? {} : { event }),
      });
    response.once('finish', () => note());
    if (options.answer?.(asked, response) !== true) passOn(asked, response, options, note);
  };
  const server =
    options.tls === undefined ? createServer(onRequest) : createTlsServer(options.tls, onRequest);
  const sockets = new Set<Duplex>();
  server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)));
    if (options.upgrade?.(asked, socket) !== true) passUpgradeOn(asked, socket, head, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${new URL(options.target).pathname}`,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      // Those that were taken over are the server's no more.
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function passOn(
  asked: IncomingMessage,
  response: ServerResponse,
  options: FrontOptions,
  note: (event: string) => void,
): void {
  const onward = request(onwardOptions(asked, options), (answer) => {
    const status = answer.statusCode ?? 0;
    if (options.emptyErrors === true && status >= 400) {
      answer.resume();
      return end(response, status, '');
    }
    response.writeHead(status, answer.rawHeaders);
    const isStream = answer.headers['content-type']?.startsWith('text/event-stream') === true;
    let sent = 0;
    answer.on('data', (chunk: Buffer) => {
      const rest = (options.cutAfterBytes ?? Infinity) - sent;
      sent += chunk.length;
      response.write(chunk.subarray(0, rest), () => {
        if (chunk.length > rest) asked.socket.destroy();
      });
      if (isStream) note(chunk.toString());
    });
    answer.on('end', () => response.end());
    answer.on('close', () => {
      if (!answer.complete) asked.socket.destroy();
    });
  });
  if (options.answerWithinMs !== undefined) {
    onward.setTimeout(options.answerWithinMs, () => {
      end(response, 504, 'upstream request timeout');
      onward.destroy();
    });
  }
  onward.on('error', () => end(response, 502, 'Bad Gateway'));
  // Whoever asked has gone: so does the question.
  response.on('close', () => onward.destroy());
  asked.pipe(onward);
}

function onwardOptions(asked: IncomingMessage, options: FrontOptions): RequestOptions {
  const { hostname, port, protocol } = new URL(options.target);
  const changes = options.forward?.(asked) ?? {};
  return {
    hostname,
    port,
    protocol,
    method: asked.method ?? 'GET',
    path: asked.url ?? '/',
    agent: false,
    ...changes,
    headers: {
      ...asked.headers,
      'x-forwarded-proto': options.tls === undefined ? 'http' : 'https',
      ...changes.headers,
    },
  };
}

function passUpgradeOn(asked: IncomingMessage, socket: Duplex, head: Buffer, options: FrontOptions): void {
  const onward = request(onwardOptions(asked, options));
  onward.on('upgrade', (answer, behind, behindHead) => {
    const lines = answer.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
    );
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(behindHead);
    behind.write(head);
    behind.on('error', () => socket.destroy());
    socket.on('error', () => behind.destroy());
    behind.pipe(socket).pipe(behind);
  });
  onward.on('response', () => socket.destroy());
  onward.on('error', () => socket.destroy());
  onward.end();
}

function end(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function pathOf(asked: IncomingMessage): string {
  return (asked.url ?? '').split('?', 1)[0] ?? '';
}
