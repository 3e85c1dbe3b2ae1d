import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** An answer other than success, as RFC 9457 has it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.headers = headers;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Body too large',
  415: 'Unsupported media type',
  429: 'Too many requests',
  503: 'Unavailable',
};

/** Every error leaves as a problem document; what is ours to mend leaves with a reference and is logged with its cause. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Problem) {
      return send(request, reply.headers(error.headers), error.status, error.title, error.message);
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      const where = error.validationContext ?? 'request';
      const problems = error.validation.map(
        ({ instancePath, message }) => `${where}${instancePath}: ${message}`,
      );
      return send(request, reply, 400, 'Bad request', problems.join('; '));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return send(request, reply, status, TITLES[status] ?? 'Refused', error.message);
    request.log.error({ err: error }, 'a request could not be answered');
    const detail = `Something went wrong on our side. The log has it under request ${request.id}.`;
    return send(request, reply, 500, 'Internal error', detail);
  });
  app.setNotFoundHandler((request, reply) =>
    send(request, reply, 404, 'Not found', `there is no ${request.method} ${pathOf(request)}; see /docs`),
  );
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  title: string,
  detail: string,
): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail, instance: pathOf(request) }));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
