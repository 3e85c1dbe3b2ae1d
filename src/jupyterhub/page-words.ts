import type { Page } from 'playwright';
import { oneLine } from '../core/text.ts';

/**
 * The words of the first element that each selector finds in a document as it was sent: a hub that is in trouble may take
 * long for the rest of its page. Empty where there is none.
 */
export async function wordsIn<Name extends string>(
  page: Page,
  source: string,
  selectors: Readonly<Record<Name, string>>,
): Promise<Readonly<Record<Name, string>>> {
  const found = await page.evaluate(
    ({ source, selectors }) => {
      const shown = new DOMParser().parseFromString(source, 'text/html');
      return selectors.map((selector) => shown.querySelector(selector)?.textContent ?? '');
    },
    { source, selectors: Object.values<string>(selectors) },
  );
  const words: Record<Name, string> = { ...selectors };
  let at = 0;
  for (const name in selectors) words[name] = oneLine(found[at++] ?? '');
  return words;
}
