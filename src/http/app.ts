import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { type ZodTypeProvider, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { compressTexts } from './compress.ts';
import type { AppDeps } from './deps.ts';
import { answerError, answerProblems } from './answer-problems.ts';
import { EventStreams } from './event-stream.ts';
import { collectAllowedMethods } from './allowed-methods.ts';
import { answerClientError } from './client-error.ts';
import { openApi } from './open-api.ts';
import { addAlertRoutes } from './routes/alerts.ts';
import { addEvidenceRoutes } from './routes/evidence.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addHubRoutes } from './routes/hubs.ts';
import { addIncidentRoutes } from './routes/incidents.ts';
import { addPageEventRoutes } from './routes/page-events.ts';
import { addPageRoutes } from './routes/pages.ts';
import { addRunRoutes } from './routes/runs.ts';
import { addRunEventRoutes } from './routes/run-events.ts';

/** For the request to arrive; the answer may take as long as is preferred. */
const REQUEST_WITHIN_MS = 30_000;
const BODY_LIMIT_BYTES = 256 * 1024;

/** Swagger UI styles its parts inline. Its own default would ask for HTTPS, which may not be there. */
const DOCS_CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** The HTTP side of the service; the caller decides where it listens. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: REQUEST_WITHIN_MS,
    bodyLimit: BODY_LIMIT_BYTES,
    // Streams of events would keep the service from stopping.
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerProblems(app, collectAllowedMethods(app));
  compressTexts(app);
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // The service itself speaks plain HTTP; whoever ends TLS before it says so.
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, { global: false });
  await app.register(swagger, openApi(deps.version));
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_CSP });
  // Routes register after the plugins above, so that each of them is documented and guarded.
  await app.register(async (scope) => {
    const typed = scope.withTypeProvider<ZodTypeProvider>();
    const streams = new EventStreams();
    addHealthRoutes(typed, deps);
    addHubRoutes(typed, deps);
    addRunRoutes(typed, deps);
    addRunEventRoutes(typed, deps, streams);
    addEvidenceRoutes(typed, deps);
    addIncidentRoutes(typed, deps);
    addAlertRoutes(typed, deps);
    addPageRoutes(typed, deps);
    addPageEventRoutes(typed, deps, streams);
    scope.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  });
  return app;
}
