import type { FastifyReply } from 'fastify';
import { refusal } from './answers.ts';
import type { World } from './world.ts';

/** Everything that changes something goes through here, so that faults strike before, in or after it. */
export function commit(
  reply: FastifyReply,
  { faults, clock, witness }: World,
  status: number,
  change: () => unknown,
): FastifyReply {
  if (faults.isOn('error-before-commit')) return reply.code(502).send(refusal('Server Error'));
  if (faults.isOn('unprocessable')) return reply.code(422).send(refusal('Validation Failed', []));
  if (faults.isOn('late-commit')) {
    clock.after(faults.settings.lateMs, change);
    return reply.code(502).send(refusal('Server Error'));
  }
  const answer = change();
  if (witness.committed(reply.request)) return cutOff(reply);
  if (faults.isOn('error-after-commit')) return reply.code(502).send(refusal('Server Error'));
  if (faults.isOn('hang-after-commit')) return reply.hijack();
  if (faults.isOn('reset-after-commit')) return cutOff(reply);
  if (faults.isOn('body-cut')) {
    const body = JSON.stringify(answer);
    reply.hijack();
    reply.raw.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    reply.raw.end(body.slice(0, body.length / 2));
    return reply;
  }
  return reply.code(status).send(answer);
}

export function cutOff(reply: FastifyReply): FastifyReply {
  reply.raw.socket?.resetAndDestroy();
  return reply.hijack();
}
