import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type Page, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../../src/find-browser.ts';
import { redactDeep } from '../../../src/log-line.ts';
import { createRedactor } from '../../../src/redact.ts';
import { learnSecrets } from '../../../src/worker/evidence/learn-secrets.ts';
import { maskedScreenshot } from '../../../src/worker/evidence/screenshot.ts';
import { startTrace } from '../../../src/worker/evidence/trace.ts';
import { findSecrets } from '../secret-scanner.ts';
import { openTrace } from '../trace-viewer.ts';

const found = findBrowser(null);
const SECRET = 'a-secret-that-nobody-may-see-7';

describe.skipIf(found === null)('evidence from a real browser', () => {
  let browser: Browser;
  let server: Server;
  let url: string;
  let html = '';
  beforeAll(async () => {
    browser = await chromium.launch(found?.kind === 'installed' ? { executablePath: found.executable } : {});
    server = createServer((question, answer) => {
      const isStyle = question.url?.startsWith('/style.css') ?? false;
      const given = new URL(question.url ?? '/', url).searchParams.get('give') ?? 'a-cookie-of-the-server-1';
      answer.setHeader('set-cookie', [`sid=${given}; HttpOnly`]);
      answer.setHeader('content-type', isStyle ? 'text/css' : 'text/html');
      answer.end(isStyle ? 'h1 { color: rgb(1, 2, 3) }' : html);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  async function show(content: string, path = ''): Promise<Page> {
    html = content;
    const page = await browser.newPage();
    await page.goto(url + path);
    return page;
  }

  const holdsSecret = (text: string) => text.includes(SECRET);

  describe('a screenshot', () => {
    it('is the same whatever is in the fields', async () => {
      const form = (value: string) => `<body><style>* { width: 9em; height: 2em }</style><h1>Log in</h1>
        <input value="${value}"><input type="password" value="${value}"><textarea>${value}</textarea>
        <select><option>${value}</option></select><p contenteditable="true">${value === '' ? '' : 'typed'}</p>
        <iframe srcdoc="<input value='${value}'>"></iframe></body>`;
      const [empty, full] = [await show(form('')), await show(form('typed'))];

      const [before, after] = [await maskedScreenshot(empty, holdsSecret), await maskedScreenshot(full, holdsSecret)];

      expect((await empty.screenshot()).equals(await full.screenshot())).toBe(false);
      expect(before.equals(after)).toBe(true);
    });

    it.each([
      ['in its text', `<p>${SECRET}</p>`],
      ['cut in pieces', `<p>${SECRET.slice(0, 9)}<b>${SECRET.slice(9)}</b></p>`],
      ['in a frame', `<iframe srcdoc="<p>${SECRET}</p>"></iframe>`],
      ['in a shadow tree', `<div><template shadowrootmode="closed"><p>${SECRET}</p></template></div>`],
      ['from a style sheet', `<style>p::before { content: '${SECRET}' }</style><p>x</p>`],
    ])('is not made of a page with a secret %s', async (_where, content) => {
      const page = await show(`<!doctype html><body>${content}</body>`);
      await page.waitForLoadState();

      await expect(maskedScreenshot(page, holdsSecret)).rejects.toThrow('the page shows a secret');
    });

    it('is not made of the page on which a hub shows a new token', async () => {
      const page = await show('<p>your token is …</p>', 'base/hub/token?x=1');

      await expect(maskedScreenshot(page, holdsSecret)).rejects.toThrow('the page shows tokens');
    });

    it('may be made of a page that only holds one out of sight', async () => {
      const page = await show(`<body data-token="${SECRET}"><p>x</p><script>const a = '${SECRET}'</script></body>`);

      expect((await maskedScreenshot(page, holdsSecret)).length).toBeGreaterThan(100);
    });
  });

  it('all that lets somebody in is learned as it comes by', async () => {
    const context = await browser.newContext();
    const learned = new Set<string>();
    const secrets = learnSecrets(context, (secret) => learned.add(secret));
    const page = await context.newPage();
    html = `<form method="post"><input type="hidden" name="_xsrf" value="an-xsrf-value-1">
      <input type="password" name="otp" value="123456"><button>go</button></form>
      <script>window.jhdata = { xsrf_token: "an-xsrf-of-the-page-2" };
      document.cookie = 'made=by-a-script-in-the-page-3';
      history.replaceState(0, '', '?x=1');
      fetch('/api?code=a-code-in-an-address-4', { headers: { Authorization: 'token a-token-in-a-header-5' } })</script>`;

    await page.goto(`${url}?state=a-state-in-an-address-6`);
    await page.waitForLoadState('networkidle');
    await Promise.all([page.waitForURL(`${url}?x=1`), page.click('button')]);
    await page.waitForLoadState('networkidle');
    await secrets.settled();
    await secrets.fromPage(page);

    for (const secret of [
      'a-cookie-of-the-server-1',
      'an-xsrf-value-1',
      'an-xsrf-of-the-page-2',
      'by-a-script-in-the-page-3',
      'a-code-in-an-address-4',
      'a-token-in-a-header-5',
      'a-state-in-an-address-6',
      '123456',
    ]) {
      expect([...learned]).toContain(secret);
    }
    await context.close();
  });

  it.each([
    ['a frame of another site', (address: string) => `<iframe src="${address.replace('127.0.0.1', 'localhost')}">`],
    ['another page', (address: string) => `<script>window.open('${address}')</script>`],
  ])('what is given in the headers of %s is learned', async (_, lead) => {
    const context = await browser.newContext();
    const learned = new Set<string>();
    const secrets = learnSecrets(context, (secret) => learned.add(secret));
    const page = await context.newPage();
    html = lead(`${url}?give=a-cookie-from-elsewhere-8`);
    const elsewhere = context.waitForEvent('response', (response) => response.url().includes('give='));

    await page.goto(url);
    await (await elsewhere).finished();
    await secrets.settled();

    expect([...learned]).toContain('a-cookie-from-elsewhere-8');
    await context.close();
  });

  describe('a trace', () => {
    async function traced(visit: (page: Page) => Promise<void>, secrets: readonly string[]) {
      const redactor = createRedactor();
      for (const secret of secrets) redactor.add(secret);
      const folder = await mkdtemp(join(tmpdir(), 'trace-'));
      const context = await browser.newContext();
      try {
        const trace = await startTrace(context, folder);
        await visit(await context.newPage());
        return await trace.stop({
          text: redactor.redact,
          deep: (value) => redactDeep(value, redactor.redact),
          holdsSecret: redactor.finds,
        });
      } finally {
        await context.close();
        await rm(folder, { recursive: true, force: true });
      }
    }

    it('holds what happened and no secret, known or unknown, and opens in the viewer', async () => {
      html = `<link rel="stylesheet" href="/style.css?v=1"><h1>Log in</h1>
        <input type="hidden" value="hidden-in-a-form-1"><input id="name"><input id="password" type="password">
        <script>fetch('/api', { method: 'POST', body: 'posted-by-a-script-2', headers: { 'x-own': 'in-a-header-3' } });
        console.error('known: ${SECRET}')</script>`;

      const zip = await traced(
        async (page) => {
          await page.goto(`${url}?code=in-an-address-4`);
          await page.locator('#password').fill('typed-into-a-field-5');
          await page.evaluate((given) => `${given} and given back`, 'given-to-a-script-6');
          await page.locator('h1').click();
        },
        [SECRET, 'in-an-address-4'],
      );

      expect(
        findSecrets(
          zip,
          [
            SECRET,
            'hidden-in-a-form-1',
            'posted-by-a-script-2',
            'in-a-header-3',
            'in-an-address-4',
            'typed-into-a-field-5',
            'given-to-a-script-6',
            'a-cookie-of-the-server-1',
          ],
          'trace.zip',
        ),
      ).toEqual([]);
      const { actions, snapshot } = await openTrace(browser, zip);
      expect(actions).toMatch(/Navigate[\s\S]*Fill "\[secret\]"[\s\S]*Click/);
      // The page as it was, in its own style.
      expect(snapshot).toEqual({ heading: 'Log in', colour: 'rgb(1, 2, 3)' });
    });

    it('is not kept when it cannot be read', async () => {
      const context = await browser.newContext();
      const trace = await startTrace(context, join(tmpdir(), 'nowhere', 'at', 'all'));
      await context.close();

      await expect(
        trace.stop({ text: String, deep: (value) => value, holdsSecret: () => false }),
      ).rejects.toThrow(/closed/);
    });

    it('is not kept when redaction left something', async () => {
      html = '<h1>x</h1>';
      const folder = await mkdtemp(join(tmpdir(), 'trace-'));
      const context = await browser.newContext();
      const trace = await startTrace(context, folder);
      const page = await context.newPage();
      await page.goto(url);

      await expect(
        trace.stop({ text: String, deep: (value) => value, holdsSecret: (text) => text.includes(url) }),
      ).rejects.toThrow('the trace might still hold a secret');
      await context.close();
      await rm(folder, { recursive: true, force: true });
    });
  });
});
