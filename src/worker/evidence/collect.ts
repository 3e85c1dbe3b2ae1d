import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { DroppedEvidence, EvidenceFile } from '../../core/run.ts';
import { messageOf, oneLine } from '../../core/text.ts';
import type { PageWatch } from '../../jupyterhub/page-watch.ts';
import { withoutQuery } from '../../jupyterhub/without-query.ts';
import { Doubtful } from './doubtful.ts';
import { inTime } from './in-time.ts';
import type { Censor } from './sanitise-trace.ts';
import { maskedScreenshot } from './screenshot.ts';
import type { Trace } from './trace.ts';

const EACH_WITHIN_MS = 6_000;
const TRACE_WITHIN_MS = 30_000;
const PAGE_MAX = 20_000;

/** What there is to keep from. */
export interface Sources {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly spawnEvents: readonly string[];
  /** What was said about the gateway; null when the run did not come to it. */
  readonly gatewayReport: () => Promise<string | null>;
  readonly trace: Trace | null;
}

export interface Keeping {
  readonly folder: string;
  readonly censor: Censor;
  readonly onKept: (file: EvidenceFile) => void;
  readonly onDropped: (dropped: DroppedEvidence) => void;
}

/**
 * Keeps what shows why a run failed. No piece may cost the others: one that can't be had, or of which it is not certain that
 * it holds no secret, is left out and said. Addresses lose their query strings, which carry `_xsrf`, codes and states.
 */
export async function collectEvidence(sources: Sources, keeping: Keeping): Promise<void> {
  const { page, watch, trace } = sources;
  const { censor } = keeping;
  await keep(keeping, 'screenshot', 'screenshot.png', () => maskedScreenshot(page, censor.holdsSecret));
  await keep(keeping, 'page', 'page.txt', () => describePage(page, censor));
  await keep(keeping, 'responses', 'responses.json', async () => answersOf(watch, censor));
  await keep(keeping, 'console', 'console.txt', async () => textOrNothing(watch.consoleErrors));
  await keep(keeping, 'spawn-events', 'spawn-events.txt', async () => textOrNothing(sources.spawnEvents));
  await keep(keeping, 'gateway-report', 'gateway-report.txt', sources.gatewayReport);
  if (trace !== null)
    await keep(keeping, 'trace', 'trace.zip', () => trace.stop(censor), TRACE_WITHIN_MS);
}

/** Makes one piece and writes it whole or not at all; a text is redacted first. */
export async function keep(
  { folder, censor, onKept, onDropped }: Keeping,
  kind: EvidenceFile['kind'],
  file: string,
  make: () => Promise<string | Uint8Array | null>,
  withinMs = EACH_WITHIN_MS,
): Promise<void> {
  try {
    const made = await inTime(make(), withinMs);
    if (made === null) return;
    const safe = typeof made === 'string' ? censor.text(made) : made;
    if (typeof safe === 'string' && censor.holdsSecret(safe)) throw new Doubtful('it might still hold a secret');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, file);
    await writeFile(`${path}.new`, safe, { mode: 0o600 });
    await rename(`${path}.new`, path);
    onKept({ kind, file });
  } catch (error) {
    const [why = ''] = messageOf(error).split('\n');
    onDropped({ kind, why: oneLine(why) });
  }
}

/** What the user would have seen, in words. Redacted before it is cut: half a secret is not recognised. */
async function describePage(page: Page, censor: Censor): Promise<string> {
  const text = await page.locator('body').innerText({ timeout: EACH_WITHIN_MS });
  const title = censor.text(await page.title());
  return `${withoutQuery(page.url())}\n${oneLine(title)}\n\n${censor.text(text).slice(0, PAGE_MAX)}\n`;
}

function answersOf(watch: PageWatch, { deep }: Censor): string {
  const documents = watch.answers.map((answer) => ({ ...answer, url: withoutQuery(answer.url) }));
  const brokenAssets = watch.brokenAssets.map(withoutQuery);
  return JSON.stringify(deep({ documents, brokenAssets }), null, 2);
}

function textOrNothing(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : `${lines.join('\n')}\n`;
}
