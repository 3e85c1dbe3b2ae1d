import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { AllowedMethods } from './allowed-methods.ts';
import { type Mistake, Problem, problemDocument } from './problem.ts';
import { problemPage } from './views/problem-page.ts';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  405: 'Method not allowed',
  413: 'Body too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  429: 'Too many requests',
};

/** Every error leaves as a problem; what is ours to mend leaves with a reference and is logged with its cause. */
export function answerProblems(app: FastifyInstance, allowed: AllowedMethods): void {
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allow = allowed(path).join(', ');
    const problem =
      allow === ''
        ? new Problem(404, 'Not found', `there is no ${request.method} ${path}; see /docs`)
        : new Problem(405, 'Method not allowed', `${path} takes ${allow}, not ${request.method}`, { allow });
    return answerError(problem, request, reply);
  });
}

/** For Fastify's own errors too, which come before any handler. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof Problem) {
    return send(request, reply.headers(error.headers), error.status, error.title, error.message);
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const context = isFastifyError(error) ? error.validationContext : undefined;
    const mistakes = error.validation.map(({ instancePath, message }) => ({
      where: `${context ?? 'request'}${instancePath.replace(/\/$/, '')}`,
      message: message ?? 'not valid',
    }));
    const detail = mistakes.map(({ where, message }) => `${where}: ${message}`).join('; ');
    return send(request, reply, 400, 'Bad request', detail, mistakes);
  }
  const status = isFastifyError(error) ? (error.statusCode ?? 500) : 500;
  if (isFastifyError(error) && status < 500) {
    return send(request, reply, status, TITLES[status] ?? 'Refused', error.message);
  }
  request.log.error({ err: error }, 'a request could not be answered');
  const detail = `Something went wrong on our side. The log has it under request ${request.id}.`;
  return send(request, reply, 500, 'Internal error', detail);
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || 'validationContext' in error);
}

/** Programs get a document, a person who followed a link gets a page. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  title: string,
  detail: string,
  errors?: readonly Mistake[],
): FastifyReply {
  const path = pathOf(request);
  if (!path.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html')) {
    return reply.code(status).type('text/html; charset=utf-8').send(problemPage(title, detail));
  }
  const document = problemDocument(status, title, detail, {
    instance: path,
    ...(errors === undefined ? {} : { errors }),
  });
  return reply.code(status).type('application/problem+json').send(JSON.stringify(document));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? '';
}
