import type { SwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { ProblemAnswer } from './schemas.ts';

/** How the interface describes itself: every route as it is registered, with what all of them share added here. */
export function openApi(version: string) {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hubcanary',
        version,
        description: 'Runs, verdicts and incidents of watched JupyterHubs.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform(document) {
      const { schema, url } = document;
      if (!url.startsWith('/api/')) return jsonSchemaTransform(document);
      const given: unknown = schema.response;
      const response = { ...(isObject(given) ? given : {}), '4XX': problem, '5XX': problem };
      return jsonSchemaTransform({ ...document, schema: { ...schema, response, security: [{ token: [] }] } });
    },
    transformObject(document) {
      const described = jsonSchemaTransformObject(document);
      // Every named schema comes as it is taken, too; here they are only ever given.
      if ('components' in described) dropInputs(described.components?.schemas ?? {});
      return described;
    },
  } satisfies SwaggerOptions;
}

const problem = {
  description: 'What was wrong, and what to do',
  content: { 'application/problem+json': { schema: ProblemAnswer } },
};

function dropInputs(schemas: Record<string, unknown>): void {
  for (const name of Object.keys(schemas)) if (name.endsWith('Input')) delete schemas[name];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
