import { createServer } from 'node:http';
import { type Browser, type Page, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/find-browser.ts';
import { PageTrouble } from '../../src/jupyterhub/page-trouble.ts';
import { PageWatch } from '../../src/jupyterhub/page-watch.ts';
import { openInterface } from '../../src/jupyterhub/server.ts';

const found = findBrowser(null);
const INTERFACE = '<div id="main-panel"><div class="lm-Widget"></div></div>';
const PENDING = '/hub/spawn-pending/u';

/** What a hub answers to the pages that a browser asks for, one after the other. */
type Answers = Readonly<Record<string, readonly number[]>>;

describe.skipIf(found === null)('the way into a started server', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(found?.kind === 'installed' ? { executablePath: found.executable } : {}),
      args: ['--no-sandbox'],
    });
  });
  afterAll(() => browser.close());

  async function visit(answers: Answers, addresses: readonly string[]): Promise<void> {
    const left = new Map(Object.entries(answers).map(([path, statuses]) => [path, [...statuses]]));
    const server = createServer((asked, response) => {
      const status = left.get(asked.url ?? '')?.shift() ?? 200;
      response.writeHead(status, { 'content-type': 'text/html', 'x-jupyterhub-version': '5.5.4' });
      response.end(asked.url?.startsWith('/user/') === true ? INTERFACE : '<p>a page of the hub</p>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const root = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    page = await browser.newPage();
    const watch = new PageWatch(page);
    const trouble = new PageTrouble(page);
    const mark = watch.mark();
    try {
      for (const path of addresses) await page.goto(root + path);
      await openInterface(page, watch, trouble, {
        url: `${root}/user/u/`,
        hubRoot: `${root}/hub/`,
        mark,
        withinMs: 20_000,
        signal: AbortSignal.timeout(20_000),
      });
    } finally {
      await page.close();
      server.closeAllConnections();
      server.close();
    }
  }

  it('is not stopped by a page of the hub that failed while the server started', async () => {
    const arrived = visit({ [PENDING]: [200, 503, 200] }, [PENDING, PENDING, PENDING, '/user/u/lab']);

    await expect(arrived).resolves.toBeUndefined();
  });

  it.each([
    ['/hub/api/oauth2/authorize', 403, 'server-unreachable'],
    ['/hub/api/oauth2/authorize', 500, 'hub-error'],
    ['/hub/login', 200, 'server-unreachable'],
  ])('is stopped by %s with %d', async (path, status, reason) => {
    await expect(visit({ [path]: [status] }, [PENDING, path])).rejects.toMatchObject({ reason });
  });
});
