import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright';
import { inTime } from './in-time.ts';
import { type Censor, sanitiseTrace } from './sanitise-trace.ts';

const STOP_WITHIN_MS = 15_000;

/** A recording of all that happens in a browser context, for Playwright's trace viewer. */
export interface Trace {
  /** Ends the recording. @returns it as a zip file without secrets. @throws Doubtful */
  stop(censor: Censor): Promise<Uint8Array>;
}

/** Without screenshots: pictures cannot be redacted, and the viewer draws the pages from what they were made of. */
export async function startTrace(context: BrowserContext, folder: string): Promise<Trace> {
  await context.tracing.start({ screenshots: false, snapshots: true, sources: false });
  return {
    async stop(censor) {
      const raw = join(folder, 'raw-trace.zip');
      try {
        await inTime(context.tracing.stop({ path: raw }), STOP_WITHIN_MS);
        return sanitiseTrace(await readFile(raw), censor);
      } finally {
        await rm(raw, { force: true });
      }
    },
  };
}
