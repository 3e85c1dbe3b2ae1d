import { expect, test } from '@playwright/test';

// What a team would write with Playwright's own runner, with its default time limits for actions.
const { HUB_URL: hubUrl = '', HUB_USER: user = '', HUB_PASSWORD: password = '' } = process.env;
test.setTimeout(120_000);

test('a user can work', async ({ page }) => {
  await test.step('login', async () => {
    await page.goto(`${hubUrl}hub/login?next=${encodeURIComponent(`${new URL(hubUrl).pathname}hub/home`)}`);
    await page.fill('#username_input', user);
    await page.fill('#password_input', password);
    await page.click('#login_submit');
    await page.waitForURL('**/hub/home', { timeout: 30_000 });
  });
  await test.step('server', async () => {
    await page.goto(`${hubUrl}hub/spawn`);
    await page.waitForURL(`**/user/${user}/**`, { timeout: 60_000 });
    await expect(page.locator('#main.jp-LabShell')).toBeVisible({ timeout: 60_000 });
    await expect(page.locator('#jupyterlab-splash')).toBeHidden({ timeout: 60_000 });
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
  await test.step('dask', async () => {
    expect(await run(page, process.env.DASK_CODE)).toMatchObject({ kind: 'done', output: '499500\n' });
  });
  await page.goto(`${hubUrl}hub/home`);
  await page.evaluate(`(${process.env.STOP_SERVER})(${JSON.stringify(user)})`);
});

function run(page, code) {
  return page.evaluate((given) => window.execute({ code: given, withinMs: 60_000 }), code);
}
