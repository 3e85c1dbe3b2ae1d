/** What the journeys of the peers have in common; each waits as long as its own library does. */

const { HUB_URL: hubUrl = '', HUB_USER: user = '', HUB_PASSWORD: password = '' } = process.env;
const WITHIN_MS = 60_000;

export async function login(page) {
  await page.goto(`${hubUrl}hub/login?next=${encodeURIComponent(`${new URL(hubUrl).pathname}hub/home`)}`);
  await page.fill('#username_input', user);
  await page.fill('#password_input', password);
  await page.click('#login_submit');
  await page.waitForURL('**/hub/home');
}

/** @returns what the kernel answers to 6 * 7. */
export async function server(page) {
  await page.goto(`${hubUrl}hub/spawn`);
  await page.waitForURL(`**/user/${user}/**`);
  await page.waitForSelector('#main.jp-LabShell');
  await page.waitForSelector('#jupyterlab-splash', { state: 'detached' });
  await page.evaluate(`window.start_kernel = ${process.env.START_KERNEL}`);
  await page.evaluate(`window.open_socket = ${process.env.OPEN_SOCKET}`);
  await page.evaluate(`window.execute = ${process.env.EXECUTE}`);
  const at = { serverUrl: `${hubUrl}user/${user}/`, withinMs: WITHIN_MS };
  await page.evaluate(async (where) => {
    const { id } = await window.start_kernel({ ...where, name: 'python3' });
    await window.open_socket({ ...where, id });
  }, at);
  return run(page, 'print(6 * 7)');
}

/** @returns what the kernel answers to a sum that a dask worker computes. */
export function dask(page) {
  return run(page, process.env.DASK_CODE);
}

export async function stop(page) {
  await page.goto(`${hubUrl}hub/home`);
  await page.evaluate(`(${process.env.STOP_SERVER})(${JSON.stringify(user)})`);
}

function run(page, code) {
  return page.evaluate((given) => window.execute(given), { code, withinMs: WITHIN_MS });
}
