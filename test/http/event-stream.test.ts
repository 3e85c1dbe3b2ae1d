import Fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type Socket, connect } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerProblems } from '../../src/http/answer-problems.ts';
import { collectAllowedMethods } from '../../src/http/allowed-methods.ts';
import { type EventStream, EventStreams } from '../../src/http/event-stream.ts';

interface Opened {
  readonly stream: EventStream;
  readonly raw: ServerResponse;
  readonly closed: ReturnType<typeof vi.fn>;
}

let app: FastifyInstance;
let socket: Socket;
let opened: Opened[];
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  opened = [];
  app = Fastify();
  answerProblems(app, collectAllowedMethods(app));
  const streams = new EventStreams(3);
  app.get('/events', (_request, reply) => {
    const closed = vi.fn<() => void>();
    opened.push({ stream: streams.open(reply, closed), raw: reply.raw, closed });
    return reply;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  socket = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  await once(socket, 'connect');
});
afterEach(async () => {
  socket.destroy();
  await app.close();
  vi.useRealTimers();
});

async function ask(times: number): Promise<readonly Opened[]> {
  socket.write('GET /events HTTP/1.1\r\nhost: canary\r\n\r\n'.repeat(times));
  await vi.waitFor(() => expect(opened).toHaveLength(times));
  return opened;
}

it('writes nothing after its end, also while another answer holds the connection', async () => {
  const [, second] = await ask(2);
  if (second === undefined) throw new Error('not opened');
  const write = vi.spyOn(second.raw, 'write');

  second.stream.send({ last: true });
  second.stream.end();
  second.stream.send({ late: true });
  vi.advanceTimersByTime(60_000);

  expect(write.mock.calls).toEqual([['data: {"last":true}\n\n']]);
  expect(second.closed).toHaveBeenCalledTimes(1);
});

it('says now and then that it is still there, until whoever listened has gone', async () => {
  const [first] = await ask(1);
  if (first === undefined) throw new Error('not opened');
  const write = vi.spyOn(first.raw, 'write');

  vi.advanceTimersByTime(30_000);
  expect(write).toHaveBeenCalledTimes(2);

  socket.destroy();
  await vi.waitFor(() => expect(first.closed).toHaveBeenCalledTimes(1));
  vi.advanceTimersByTime(60_000);
  expect(write).toHaveBeenCalledTimes(2);
});

it('cuts off whoever reads no more', async () => {
  const [first] = await ask(1);
  if (first === undefined) throw new Error('not opened');
  socket.pause();

  for (let mebibyte = 0; mebibyte < 64 && !first.raw.destroyed; mebibyte += 1)
    first.stream.send('x'.repeat(2 ** 20));

  await vi.waitFor(() => expect(first.closed).toHaveBeenCalledTimes(1));
  expect(first.raw.destroyed).toBe(true);
});

it('opens no more than so many, and another as soon as one has gone', async () => {
  await ask(3);
  const address = app.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/events`;

  const refused = await fetch(url);

  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('30');
  expect(await refused.json()).toMatchObject({
    detail: expect.stringContaining('3 streams of events are open'),
  });

  socket.destroy();
  await vi.waitFor(async () => {
    const again = await fetch(url);
    await again.body?.cancel();
    expect(again.status).toBe(200);
  });
});

it('holds no place for a client that left while its request was looked at', async () => {
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const streams = new EventStreams(1);
  const closed = vi.fn<() => void>();
  const guarded = Fastify();
  guarded.get('/events', async (request, reply) => {
    request.raw.socket.once('close', () => left.resolve());
    asked.resolve();
    await left.promise;
    streams.open(reply, closed).send({ late: true });
    return reply;
  });
  guarded.get('/others', (_request, reply) => {
    streams.open(reply, () => {}).end();
    return reply;
  });
  const base = await guarded.listen({ port: 0, host: '127.0.0.1' });
  const client = connect(Number(new URL(base).port), '127.0.0.1');
  client.write('GET /events HTTP/1.1\r\nhost: canary\r\n\r\n');
  await asked.promise;
  client.destroy();

  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(1));
  const other = await fetch(`${base}/others`);
  await guarded.close();

  expect(other.status).toBe(200);
});
