import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const gzipped = promisify(gzip);
/** Below this a packet is sent either way. */
const WORTH_IT_BYTES = 1400;

/** Pages, records and metrics say the same words over and over; they travel at a tenth of their size. */
export function compressTexts(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' || payload.length < WORTH_IT_BYTES) return payload;
    void reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers['accept-encoding'] ?? '')) {
      return payload;
    }
    const packed = await gzipped(payload);
    void reply.header('content-encoding', 'gzip').header('content-length', packed.length);
    return packed;
  });
}
