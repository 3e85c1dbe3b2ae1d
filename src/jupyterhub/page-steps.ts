import type { Locator, Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { PageStep } from '../core/page-step.ts';
import type { HubReason } from '../core/reason.ts';
import { messageOf, oneLine } from '../core/text.ts';

/** How long a page's script may take to show what a step is about. */
const APPEARS_WITHIN_MS = 20_000;
/** How long something that is there may take to let itself be used. */
const OBEYS_WITHIN_MS = 5_000;

/**
 * Does on a page what the configuration says, in order. The step `submit` is left to the caller, who has to listen for the answer.
 * @param key where the steps are configured, for messages.
 * @throws Broken with `reason` when the page has no such thing, or does not let it be used.
 */
export async function takeSteps(
  page: Page,
  steps: readonly PageStep[],
  { key, reason }: { readonly key: string; readonly reason: HubReason },
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const target = page.locator(step.on).first();
    const state = step.do === 'waitFor' ? 'visible' : 'attached';
    const place = `${key}[${index}] (${step.do} ${step.on})`;
    await orBroken(target.waitFor({ state, timeout: APPEARS_WITHIN_MS }), () => {
      const seconds = APPEARS_WITHIN_MS / 1000;
      return new Broken(reason, `${place}: the page shows no such thing within ${seconds} s`);
    });
    await orBroken(take(target, step), (why) => new Broken(reason, `${place}: ${why}`));
  }
}

/** The button that the steps say to send the form with; null when they say none. */
export function submitOf(page: Page, steps: readonly PageStep[]): Locator | null {
  const last = steps.at(-1);
  return last?.do === 'submit' ? page.locator(last.on).first() : null;
}

async function take(target: Locator, step: PageStep): Promise<void> {
  const options = { timeout: OBEYS_WITHIN_MS };
  switch (step.do) {
    case 'fill':
      return target.fill(step.with, options);
    case 'select':
      await target.selectOption(step.with, options);
      return;
    case 'check':
      return target.check(options);
    case 'uncheck':
      return target.uncheck(options);
    case 'click':
      return target.click(options);
    case 'waitFor':
    case 'submit':
      return;
  }
}

/** Playwright says what is wrong with the page in `locator.…` errors; that the page or browser is gone is none of these. */
async function orBroken(done: Promise<void>, broken: (why: string) => Broken): Promise<void> {
  try {
    await done;
  } catch (error) {
    const message = messageOf(error);
    if (!message.startsWith('locator.') || /has been closed|crashed/.test(message)) throw error;
    const lines = message.split('\n').filter((line) => line.trim() !== '');
    const inTheWay = lines.find((line) => /element (is|was)|intercepts pointer|did not find/.test(line));
    throw broken(oneLine(`${lines[0]} ${inTheWay ?? ''}`, 300));
  }
}
