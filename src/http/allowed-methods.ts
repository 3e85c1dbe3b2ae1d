import type { FastifyInstance } from 'fastify';

/** Says which methods an address takes; empty for an address that does not exist. */
export type AllowedMethods = (path: string) => readonly string[];

/** Collects the routes as they are registered: call it before the first one. */
export function collectAllowedMethods(app: FastifyInstance): AllowedMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    // Static files of plug-ins: whatever is not found below them is simply not there.
    if (url.includes('*')) return;
    const pattern = new RegExp(`^${url.replace(/[.]/g, '\\.').replace(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [method].flat() });
  });
  return (path) => [
    ...new Set(routes.flatMap(({ pattern, methods }) => (pattern.test(path) ? methods : []))),
  ];
}
