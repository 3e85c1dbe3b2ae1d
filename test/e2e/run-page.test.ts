import { type Browser, type Page, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/find-browser.ts';
import { type Stage, setStage } from '../demo/stage.ts';

/** What a person sees who opens the page of a run while it is under way on a real hub. */
describe('the page of a run', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    stage = await setStage(() => {});
    const found = findBrowser(null);
    browser = await chromium.launch(found?.kind === 'installed' ? { executablePath: found.executable } : {});
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
  });
  afterAll(async () => {
    await browser.close();
    await stage[Symbol.asyncDispose]();
  });

  /** Asks for a run on the status page, which leads to the run's own. */
  async function runNow(): Promise<void> {
    await page.goto(stage.service.url);
    await page.getByRole('button', { name: 'Run demo now' }).click();
    await page.waitForURL(/\/runs\/\w+$/);
  }

  it('shows each step as it happens, with what the hub says, and then all of them with their times', async () => {
    await runNow();

    await page.locator('.steps.live').getByText('▶ wait until it is ready').waitFor();
    await page
      .locator('.steps.live')
      .getByText(/Scheduled|Pulled image|Started container/)
      .waitFor();
    await page.getByRole('heading', { name: /passed after \d+\.\d s/ }).waitFor();

    const steps = await page.locator('.steps li').allInnerTexts();
    expect(steps[0]).toMatch(/^✔ open the login page\s+\d+\.\d s/);
    expect(steps.at(-1)).toMatch(/^✔ compute and compare the answer\s+\d+\.\d s/);
    await page.getByText('✔ Removed and verified: ').waitFor();
  });

  it('shows what the hub answered and the screenshot when it fails', async () => {
    await stage.testbed.faults.break('spawn-raises');
    try {
      await runNow();

      await page.getByRole('heading', { name: /failed after/ }).waitFor();
      expect(await page.locator('.failure').innerText()).toMatch(/spawn-failed · hub/);
      const screenshot = page.getByAltText('what the user would have seen');
      await screenshot.scrollIntoViewIfNeeded();
      await expect
        .poll(() => screenshot.evaluate((image) => ('naturalWidth' in image ? image.naturalWidth : 0)))
        .toBeGreaterThan(300);
    } finally {
      await stage.testbed.faults.healAll();
    }
  });
});
