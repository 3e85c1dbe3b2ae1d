import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';

const PLAYWRIGHT = join(import.meta.dirname, '../../node_modules/.bin/playwright');

/** Opens a trace the way a person does, with `npx playwright show-trace`, and says what is to be seen of its last action. */
export async function openTrace(browser: Browser, zip: Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'viewer-'));
  const file = join(folder, 'trace.zip');
  await writeFile(file, zip);
  const viewer = spawn(PLAYWRIGHT, ['show-trace', '--host', '127.0.0.1', '--port', '0', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: `${join(PLAYWRIGHT, '..')}:${process.env['PATH'] ?? ''}` },
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      viewer.stdout.on('data', (chunk) => {
        said += chunk;
        const address = /http:\S+/.exec(said)?.[0];
        if (address !== undefined) resolve(address);
      });
      viewer.once('exit', () => reject(new Error(`the trace viewer ended: ${said}`)));
    });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.goto(url);
    await page.locator('.action-title').last().click();
    const actions = await page.locator('body').innerText();
    const heading = page.frameLocator('iframe.snapshot-visible').locator('h1');
    const snapshot = {
      heading: await heading.innerText(),
      colour: await heading.evaluate((element) => getComputedStyle(element).color),
    };
    await page.close();
    return { actions, snapshot };
  } finally {
    viewer.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
