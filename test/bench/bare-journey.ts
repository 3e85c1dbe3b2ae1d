import { chromium } from 'playwright';
import { executeInPage, openSocketInPage, startKernelInPage } from '../../src/jupyterhub/kernel-page.ts';
import { findBrowser } from '../../src/find-browser.ts';
import { DASK_CODE, stopServerInPage } from './peers/journey.ts';

/**
 * The yardstick: what somebody would write in an afternoon to go the same way (log in, start a server, run code, compute
 * on a dask worker, stop everything), with no check, no time limit of its own, no evidence and no supervision.
 * Arguments: hub URL and user.
 */
const [hubUrl = '', user = ''] = process.argv.slice(2);
const { HUB_PASSWORD: password = '', BROWSER: executablePath = browserPath() } = process.env;

const browser = await chromium.launch(executablePath === undefined ? {} : { executablePath });
const page = await browser.newPage();
// By itself Playwright gives up after 30 s, within which a machine with much to do starts no server.
page.setDefaultTimeout(60_000);

console.log('at: login');
await page.goto(`${hubUrl}hub/login?next=${encodeURIComponent(`${new URL(hubUrl).pathname}hub/home`)}`);
await page.fill('#username_input', user);
await page.fill('#password_input', password);
await page.click('#login_submit');
await page.waitForURL('**/hub/home');

console.log('at: server');
await page.goto(`${hubUrl}hub/spawn`);
await page.waitForURL(`**/user/${user}/**`);
await page.waitForSelector('#main.jp-LabShell');
await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });

const at = { serverUrl: `${hubUrl}user/${user}/`, withinMs: 120_000 };
const kernel = await page.evaluate(startKernelInPage, { ...at, name: 'python3' });
if (kernel.kind !== 'started') throw new Error('no kernel');
await page.evaluate(openSocketInPage, { ...at, id: kernel.id });
const run = (code: string) => page.evaluate(executeInPage, { code, withinMs: 120_000 });
await run('print(6 * 7)');
console.log('at: dask');
await run(DASK_CODE);

await page.goto(`${hubUrl}hub/home`);
await page.evaluate(stopServerInPage, user);
await browser.close();

function browserPath(): string | undefined {
  const found = findBrowser(null);
  return found?.kind === 'installed' ? found.executable : undefined;
}
