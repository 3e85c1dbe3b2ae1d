import { type Socket } from 'node:net';
import { problemDocument } from './problem.ts';

/** What Node's parser says of a request that never became one. */
const STATUS: Readonly<Record<string, readonly [status: number, title: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request did not arrive in time'],
};

/** Answers bytes that are no HTTP; there is no request yet to answer in the usual way. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, title, detail] = STATUS[error.code ?? ''] ?? [400, 'Bad Request', 'this is not HTTP'];
  const body = JSON.stringify(problemDocument(status, title, detail));
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
