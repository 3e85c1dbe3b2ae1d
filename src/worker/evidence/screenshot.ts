import type { Page } from 'playwright';
import { Doubtful } from './doubtful.ts';

const WITHIN_MS = 5_000;
/** Whatever somebody may have typed into. */
const FIELDS = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]';

/**
 * What the user would have seen, with every field blotted out. A picture cannot be redacted, so there is none of a page
 * that shows a secret or is made to show tokens; looked at before and after, because pages change.
 * @throws Doubtful
 */
export async function maskedScreenshot(page: Page, holdsSecret: (text: string) => boolean): Promise<Buffer> {
  await expectHarmless(page, holdsSecret);
  const mask = page.frames().map((frame) => frame.locator(FIELDS));
  const picture = await page.screenshot({ timeout: WITHIN_MS, mask });
  await expectHarmless(page, holdsSecret);
  return picture;
}

async function expectHarmless(page: Page, holdsSecret: (text: string) => boolean): Promise<void> {
  if (/\/hub\/token\/?$/.test(new URL(page.url()).pathname)) throw new Doubtful('the page shows tokens');
  const texts = await renderedTexts(page);
  // A secret may be cut in pieces by mark-up.
  if ([texts.join(''), texts.join('\n')].some(holdsSecret)) throw new Doubtful('the page shows a secret');
}

/** Every text that is drawn, that of shadow trees, of frames and of what style sheets generate included. */
async function renderedTexts(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { documents, strings } = await session.send('DOMSnapshot.captureSnapshot', { computedStyles: [] });
    const drawn = documents.flatMap(({ layout }) => layout.text.map((index) => strings[index] ?? ''));
    const inFrames = await Promise.all(
      page.frames().map((frame) => frame.evaluate(() => document.body?.innerText ?? '')),
    );
    return [...drawn, ...inFrames];
  } finally {
    await session.detach();
  }
}
