import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import type { EvidenceFile } from '../core/run.ts';
import { oneLine } from '../core/text.ts';
import type { PageWatch } from '../jupyterhub/page-watch.ts';
import { withoutQuery } from '../jupyterhub/without-query.ts';

const EACH_WITHIN_MS = 5_000;

/**
 * Keeps what shows why a run failed. No piece may cost the others: one that can't be had is left out and said.
 * Texts go through `redact`; addresses lose their query strings, which carry `_xsrf`, codes and states.
 */
export async function collectEvidence(options: {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly folder: string;
  readonly spawnEvents: readonly string[];
  readonly redact: (text: string) => string;
  readonly onKept: (file: EvidenceFile) => void;
  readonly onMissing: (what: string, error: unknown) => void;
}): Promise<void> {
  const { page, watch, folder, redact } = options;
  const save = async (
    kind: EvidenceFile['kind'],
    file: string,
    content: () => Promise<string | Buffer | null>,
  ) => {
    try {
      const made = await inTime(content());
      if (made === null) return;
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, file), typeof made === 'string' ? redact(made) : made, { mode: 0o600 });
      options.onKept({ kind, file });
    } catch (error) {
      options.onMissing(kind, error);
    }
  };

  await save('screenshot', 'screenshot.png', () =>
    page.screenshot({ timeout: EACH_WITHIN_MS, mask: [page.locator('input')] }),
  );
  await save('page', 'page.txt', () => describePage(page));
  await save('responses', 'responses.json', async () => {
    const answers = watch.answers.map((answer) => ({ ...answer, url: withoutQuery(answer.url) }));
    return JSON.stringify(
      { documents: answers, brokenAssets: watch.brokenAssets.map(withoutQuery) },
      null,
      2,
    );
  });
  await save('console', 'console.txt', async () => textOrNothing(watch.consoleErrors));
  await save('spawn-events', 'spawn-events.txt', async () => textOrNothing(options.spawnEvents));
}

/** What the user would have seen, in words. */
async function describePage(page: Page): Promise<string> {
  const text = await page.locator('body').innerText({ timeout: EACH_WITHIN_MS });
  const title = await page.title();
  return `${withoutQuery(page.url())}\n${oneLine(title)}\n\n${text.slice(0, 20_000)}\n`;
}

function textOrNothing(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : `${lines.join('\n')}\n`;
}

/** A page that hangs blocks its calls until the connection ends. */
async function inTime<T>(made: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(EACH_WITHIN_MS + 1_000);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  late.catch(() => {
    // The race may be over already.
  });
  return Promise.race([made, late]);
}
