import { createHash } from 'node:crypto';
import { type Browser, type Route, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/find-browser.ts';
import { aFailedRun } from '../build/run.ts';
import { held } from './held.ts';
import { aWorld, nothing } from './world.ts';

const found = findBrowser(null);

describe.skipIf(found === null)('the page in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch(found?.kind === 'installed' ? { executablePath: found.executable } : {});
  });
  afterAll(() => browser.close());

  /** A page on a world that listens, and what the browser complained about. */
  async function visit(world: Awaited<ReturnType<typeof aWorld>>, path: string) {
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    const page = await browser.newPage();
    page.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url + path);
    return { page, url, complaints };
  }

  /** @returns the address of its page. */
  async function aRunUnderWay(world: Awaited<ReturnType<typeof aWorld>>): Promise<string> {
    const offer = world.queue.offer({
      hub: 'staging',
      trigger: 'demand',
      attempt: 1,
      probes: null,
      because: 'a test',
    });
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    return `${url}/runs/${offer.kind === 'accepted' ? offer.flight.id : ''}`;
  }

  it('asks for a run and shows its steps as they happen, until it has ended', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const { page, complaints } = await visit(world, '/');

    await page.getByRole('button', { name: 'Run staging now' }).click();
    await page.getByText('▶ open the login page').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await world.store.commit({ ...nothing, run: { ...aFailedRun('login', 'hub-down'), id } });
    runs.finish();

    await page.getByRole('heading', { name: 'failed' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows what is new as soon as there is something, and leaves the focus where it is', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const { page } = await visit(world, '/');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Run research now' }).focus();

    world.queue.offer({ hub: 'staging', trigger: 'schedule', attempt: 1, probes: null, because: 'a test' });
    await page.getByText('running').first().waitFor();
    await world.store.commit({ ...nothing, run: aFailedRun('login', 'hub-down') });
    runs.finish();

    await page.getByRole('link', { name: 'failed hub-down' }).waitFor();
    expect(await page.evaluate('document.activeElement.dataset.run')).toBe('research');
    // It was told, and did not ask again and again.
    expect(asked.filter((path) => path === '/').length).toBeLessThanOrEqual(4);
  });

  it('shows what it missed once the reader has let go', async () => {
    await using world = await aWorld({ execute: held().execute });
    const { page } = await visit(world, '/');
    await page.evaluate(() =>
      getSelection()?.selectAllChildren(document.querySelector('h1') ?? document.body),
    );

    const told = page.waitForEvent('console');
    // What happens before the stream is open is not told on it.
    await page.evaluate(
      () =>
        new Promise((resolve) => {
          const source = new EventSource('/events');
          source.addEventListener('message', () => console.log('told'));
          source.addEventListener('open', resolve);
        }),
    );
    world.queue.offer({ hub: 'staging', trigger: 'schedule', attempt: 1, probes: null, because: 'a test' });
    await told;
    expect(await page.evaluate(() => getSelection()?.isCollapsed)).toBe(false);
    await page.evaluate(() => getSelection()?.removeAllRanges());

    await page.getByText('running').first().waitFor();
  });

  it('asks for a token where one is needed, again when it is not known, and keeps it', async () => {
    const sha256 = createHash('sha256').update('good').digest();
    const tokens = async () => [{ name: 'ci', scopes: ['run'] as const, sha256 }];
    await using world = await aWorld({ tokens, execute: held().execute });
    const { page } = await visit(world, '/');

    await page.getByRole('button', { name: 'Run staging now' }).click();
    await page.getByLabel('A token with scope “run”').fill('bad');
    await page.keyboard.press('Enter');
    await page.getByLabel('This token is not known').fill('good');
    await page.keyboard.press('Enter');

    await page.getByText('▶ open the login page').waitFor();
    expect(await page.evaluate('sessionStorage.getItem("hubcanary-token")')).toBe('good');
  });

  it('says when it stands still', async () => {
    await using world = await aWorld({});
    const { page } = await visit(world, '/');

    await world.app.close();

    await page.getByText('The service does not answer').waitFor();
    expect(await page.getByRole('status').textContent()).toMatch(/as of \d\d:\d\d UTC/);
  });

  it('listens for its reader once, however often it had to begin again', async () => {
    await using world = await aWorld({});
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    const page = await browser.newPage();
    let begun = 0;
    await page.route('**/events', (route) => {
      begun += 1;
      return route.fulfill({ status: 503 });
    });
    await page.addInitScript(() => {
      const listened: string[] = [];
      Reflect.set(window, 'listened', listened);
      const listen = document.addEventListener.bind(document);
      document.addEventListener = (kind: string, ...rest: [EventListener, boolean?]) => {
        listened.push(kind);
        listen(kind, ...rest);
      };
    });
    await page.clock.install();
    await page.goto(url);
    await expect
      .poll(async () => {
        await page.clock.runFor(5_000);
        return begun;
      })
      .toBeGreaterThanOrEqual(3);

    expect(await page.evaluate('listened')).toEqual(['visibilitychange', 'selectionchange', 'close']);
    await page.close();
  });

  it('looks again after an answer and not before, so that no older one takes the place of a newer', async () => {
    await using world = await aWorld({});
    const { page, url } = await visit(world, '/');
    const looks: Route[] = [];
    await page.route(`${url}/`, (route) => void looks.push(route));

    await page.evaluate(() => {
      for (let time = 0; time < 3; time += 1) document.dispatchEvent(new Event('visibilitychange'));
    });
    // Asked for later than any of these.
    await page.evaluate(() => fetch('/livez'));
    expect(looks.length).toBe(1);

    await looks[0]?.continue();
    await expect.poll(() => looks.length).toBe(2);
    await Promise.all([page.waitForResponse(`${url}/`), looks[1]?.continue()]);
    await page.evaluate(() => fetch('/livez'));
    expect(looks.length).toBe(2);
  });

  it('says that it stands still when an answer does not come', async () => {
    await using world = await aWorld({});
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 });
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(url);
    const looks: Route[] = [];
    await page.route(`${url}/`, (route) => void looks.push(route));

    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect.poll(() => looks.length).toBe(1);
    await page.clock.runFor(20_000);

    await page.getByText('The service does not answer').waitFor();
    await page.close();
  });

  it('asks again for the news of a run that it was refused, and says so meanwhile', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const url = await aRunUnderWay(world);
    const page = await browser.newPage();
    await page.clock.install();
    await page.route('**/events', (route) => route.fulfill({ status: 503 }), { times: 1 });

    await page.goto(url);
    await page.getByText('No news of this run at the moment').waitFor();
    await page.clock.runFor(10_000);

    await page.getByRole('listitem').filter({ hasText: 'open the login page' }).waitFor();
    await page.getByText('No news of this run at the moment').waitFor({ state: 'detached' });
    expect(await page.locator('body.stale').count()).toBe(0);
    await page.close();
    runs.finish();
  });

  it('does not take the page of somebody else for news', async () => {
    await using world = await aWorld({ execute: held().execute });
    const { page } = await visit(world, '/');
    await page.route('**/', (route) => route.fulfill({ contentType: 'text/html', body: '<p>Sign in</p>' }));

    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

    await page.getByText('The service does not answer').waitFor();
    expect(await page.getByText('Sign in').count()).toBe(0);
  });

  it('shows the steps of a run under way without a script too', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const url = await aRunUnderWay(world);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();

    await page.goto(url);

    expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringContaining('open the login page'),
    ]);
    expect(await page.locator('noscript').first().innerHTML()).toContain('refresh');
    await context.close();
    runs.finish();
  });

  it('shows what the interface takes, at /docs', async () => {
    await using world = await aWorld({});
    const { page, complaints } = await visit(world, '/docs');

    await page.getByText('Ask for a run now').waitFor();

    expect(complaints).toEqual([]);
  });

  it.each([1280, 390])('fits into %i pixels', async (width) => {
    await using world = await aWorld({});
    await world.store.commit({ ...nothing, run: aFailedRun('login', 'hub-down') });
    const { page, url } = await visit(world, '/');
    await page.setViewportSize({ width, height: 800 });

    for (const path of ['/', '/hubs/staging']) {
      await page.goto(url + path);

      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  });
});
