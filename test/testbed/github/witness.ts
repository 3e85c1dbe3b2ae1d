import type { FastifyRequest } from 'fastify';

/** Sees every request, and may have the connection cut: a client that died in between hears nothing any more. */
export interface Witness {
  /** Before anything is done. @returns whether to cut the connection. */
  readonly arrived: (request: FastifyRequest) => boolean;
  /** After it was done, before the answer goes out. @returns whether to cut the connection. */
  readonly committed: (request: FastifyRequest) => boolean;
}

export const NOBODY: Witness = { arrived: () => false, committed: () => false };
