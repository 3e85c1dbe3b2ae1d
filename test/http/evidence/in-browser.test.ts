import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvidenceFile } from '../../../src/core/run.ts';
import { findBrowser } from '../../../src/find-browser.ts';
import { aFailedRun } from '../../build/run.ts';
import { aWorld, nothing } from '../world.ts';

const found = findBrowser(null);
/** Tells the address that was opened, should it ever run. */
const SCRIPT = `document.title = 'it ran'; fetch('/ran')`;
const HTML = `<!doctype html><html><body onload="${SCRIPT}"><script>${SCRIPT}</script></body></html>`;
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="${SCRIPT}"><script>${SCRIPT}</script></svg>`;

describe.skipIf(found === null)('evidence in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(found?.kind === 'installed' ? { executablePath: found.executable } : {});
  });
  afterAll(() => browser.close());

  async function served(evidence: EvidenceFile, content: string) {
    const world = await aWorld({});
    const run = aFailedRun('login', 'hub-down', { evidence: [evidence] });
    await world.store.commit({ ...nothing, run });
    mkdirSync(join(world.folder, run.id));
    writeFileSync(join(world.folder, run.id, evidence.file), content);
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    return { world, path: `${url}/api/v1/runs/${run.id}/evidence/${evidence.file}` };
  }

  it.each([
    ['page', 'page.html', HTML],
    ['page', 'page.txt', HTML],
    ['console', 'console.svg', SVG],
    ['screenshot', 'screenshot.png', SVG],
    ['screenshot', 'screenshot.svg', HTML],
    ['responses', 'responses.json', HTML],
    ['log', 'log.js', SCRIPT],
    ['gateway-report', 'gateway-report.txt', HTML],
  ] as const)('of kind %s, called %s, is shown and never run', async (kind, file, content) => {
    const { world, path } = await served({ kind, file }, content);
    await using _ = world;
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));

    const answer = await page.goto(path);

    expect(answer?.headers()).toMatchObject({
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    });
    expect(await page.title()).not.toBe('it ran');
    expect(asked.filter((url) => url.endsWith('/ran'))).toEqual([]);
    // Sandboxed: of no origin, so that nothing in it could ask the service in our name.
    expect(await page.evaluate(() => window.origin)).toBe('null');
    await page.close();
  });

  it('that is a trace is for keeping, not for showing', async () => {
    const { world, path } = await served({ kind: 'trace', file: 'trace.zip' }, HTML);
    await using _ = world;
    const page = await browser.newPage();

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.goto(path).catch(() => {
        // A download ends the navigation.
      }),
    ]);

    expect(download.suggestedFilename()).toMatch(/^[0-9A-Z]{26}-trace\.zip$/);
    await page.close();
  });

  it('would run without the headers: the scripts above are good', async () => {
    const page = await browser.newPage();
    await page.route('http://plain.test/**', (route) => route.fulfill({ contentType: 'text/html', body: HTML }));

    await page.goto('http://plain.test/');

    expect(await page.title()).toBe('it ran');
    await page.close();
  });
});
