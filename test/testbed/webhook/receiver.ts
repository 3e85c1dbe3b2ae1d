import { createHmac, timingSafeEqual } from 'node:crypto';
import { type IncomingHttpHeaders, createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the receiver does with the next requests. */
export type ReceiverBehaviour =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** Takes it, and never answers. */
  | { readonly kind: 'hang' }
  /** Takes it, and cuts the connection. */
  | { readonly kind: 'reset' };

const WELL: ReceiverBehaviour = { kind: 'answer', status: 200, body: 'ok' };

/** Someone who is told by webhook, over HTTP. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  /** All that arrived, repetitions too. */
  readonly received: readonly Received[];
  /** From now on, until told otherwise. */
  behave(behaviour: ReceiverBehaviour): void;
  behaveWell(): void;
  /** What a receiver that drops repetitions by their id has got. */
  once(): readonly Received[];
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let behaviour = WELL;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      if (behaviour.kind === 'reset') return request.socket.resetAndDestroy();
      if (behaviour.kind === 'hang') return undefined;
      response.writeHead(behaviour.status, behaviour.headers ?? {});
      return response.end(behaviour.body ?? '');
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T000/B000/s3cr3t-path`,
    received,
    behave: (next) => void (behaviour = next),
    behaveWell: () => void (behaviour = WELL),
    once: () => [...new Map(received.map((one) => [String(one.headers['webhook-id']), one])).values()],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** As a receiver checks it: https://www.standardwebhooks.com, written down a second time on purpose. */
export function isSigned({ headers, body }: Received, key: Buffer): boolean {
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const expected = createHmac('sha256', key).update(signed).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}
