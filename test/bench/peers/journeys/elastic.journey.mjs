import { expect, journey, step } from '@elastic/synthetics';

// The same way as the Playwright test, in the peer's own language and with its default limit of 50 s for an action.
const { HUB_URL: hubUrl = '', HUB_USER: user = '', HUB_PASSWORD: password = '' } = process.env;

journey('a user can work', ({ page }) => {
  step('login', async () => {
    await page.goto(`${hubUrl}hub/login?next=${encodeURIComponent(`${new URL(hubUrl).pathname}hub/home`)}`);
    await page.fill('#username_input', user);
    await page.fill('#password_input', password);
    await page.click('#login_submit');
    await page.waitForURL('**/hub/home');
  });
  step('server', async () => {
    await page.goto(`${hubUrl}hub/spawn`);
    await page.waitForURL(`**/user/${user}/**`);
    await page.waitForSelector('#main.jp-LabShell');
    await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
    await page.evaluate(`window.start_kernel = ${process.env.START_KERNEL}`);
    await page.evaluate(`window.open_socket = ${process.env.OPEN_SOCKET}`);
    await page.evaluate(`window.execute = ${process.env.EXECUTE}`);
    await page.evaluate(async (serverUrl) => {
      const at = { serverUrl, withinMs: 60_000 };
      const { id } = await window.start_kernel({ ...at, name: 'python3' });
      await window.open_socket({ ...at, id });
    }, `${hubUrl}user/${user}/`);
    expect(await run(page, 'print(6 * 7)')).toMatchObject({ kind: 'done', output: '42\n' });
  });
  step('dask', async () => {
    expect(await run(page, process.env.DASK_CODE)).toMatchObject({ kind: 'done', output: '499500\n' });
  });
  step('stop', async () => {
    await page.goto(`${hubUrl}hub/home`);
    await page.evaluate(`(${process.env.STOP_SERVER})(${JSON.stringify(user)})`);
  });
});

function run(page, code) {
  return page.evaluate((given) => window.execute({ code: given, withinMs: 60_000 }), code);
}
