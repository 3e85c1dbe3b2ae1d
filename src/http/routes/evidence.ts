import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { EvidenceFile } from '../../core/run.ts';
import { requireScope } from '../auth.ts';
import type { AppDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { IdParams } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { runOr404 } from './runs.ts';

const TYPES: Readonly<Record<EvidenceFile['kind'], string>> = {
  screenshot: 'image/png',
  page: 'text/plain; charset=utf-8',
  console: 'text/plain; charset=utf-8',
  responses: 'application/json; charset=utf-8',
  'spawn-events': 'text/plain; charset=utf-8',
  'gateway-report': 'text/plain; charset=utf-8',
  log: 'text/plain; charset=utf-8',
  trace: 'application/zip',
};

/** Files that a failed run kept. They show what a hub said, so they are never executed: sandboxed, and of a fixed type. */
export function addEvidenceRoutes(app: TypedApp, deps: AppDeps): void {
  app.get(
    '/api/v1/runs/:id/evidence/:file',
    {
      onRequest: requireScope('read', deps),
      schema: {
        summary: 'A piece of evidence',
        params: IdParams.extend({ file: z.string() }),
      },
    },
    async (request, reply) => {
      const { id, file } = request.params;
      const run = await runOr404(deps, id);
      // Only names that the record lists: no path from outside ever reaches the disk.
      const kept = run.evidence.find((evidence) => evidence.file === file);
      if (kept === undefined) throw new Problem(404, 'Unknown evidence', `run ${id} kept no "${file}"`);
      const path = join(deps.evidenceFolder, run.id, kept.file);
      await access(path).catch(() => {
        throw new Problem(404, 'Gone', `"${file}" of run ${id} was removed by age or size`);
      });
      // Only what a browser shows as it is, a picture or a text, is shown in it.
      const shown = kept.kind === 'trace' ? 'attachment' : 'inline';
      return reply
        .header('content-security-policy', 'sandbox')
        .header('x-content-type-options', 'nosniff')
        .header(
          'content-disposition',
          `${shown}; filename="${run.id}-${kept.file.replaceAll(/[^\w.-]/g, '_')}"`,
        )
        .type(TYPES[kept.kind])
        .send(createReadStream(path));
    },
  );
}
