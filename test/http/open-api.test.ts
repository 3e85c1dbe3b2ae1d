import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aWorld } from './world.ts';

describe('the OpenAPI document', () => {
  it('is 3.1, names every route of the interface, and is the one in docs', async () => {
    await using world = await aWorld({});

    const document = (await world.app.inject({ url: '/openapi.json' })).json();

    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/hubs'].get).toMatchObject({ security: [{ token: [] }] });
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/api/v1/alerts',
      '/api/v1/hubs',
      '/api/v1/hubs/{hub}',
      '/api/v1/hubs/{hub}/runs',
      '/api/v1/incidents',
      '/api/v1/incidents/{id}',
      '/api/v1/runs',
      '/api/v1/runs/{id}',
      '/api/v1/runs/{id}/events',
      '/api/v1/runs/{id}/evidence/{file}',
      '/livez',
      '/metrics',
      '/readyz',
    ]);
    const file = join(import.meta.dirname, '../../docs/openapi.json');
    if (process.env['UPDATE_DOCS'] !== undefined)
      await writeFile(file, `${JSON.stringify(document, null, 2)}\n`);
    // Out of step? `UPDATE_DOCS=1 npx vitest run test/http` writes it again.
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(document);
  });
});
