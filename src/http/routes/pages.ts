import type { AppDeps } from '../deps.ts';
import type { TypedApp } from '../typed-app.ts';

/** Pages for people. */
export function addPageRoutes(app: TypedApp, _: AppDeps): void {
  app.get('/', { schema: { hide: true } }, async (__, reply) => reply.type('text/html').send('soon'));
}
