import { expect, test } from '@playwright/test';
import { dask, login, server, stop } from './steps.mjs';

// What a team would write with Playwright's own runner. Its limit for a whole test is 30 s unless one says otherwise.
test.setTimeout(180_000);

test('a user can work', async ({ page }) => {
  await test.step('login', () => login(page));
  await test.step('server', async () => {
    expect(await server(page)).toEqual({ kind: 'done', output: '42\n' });
  });
  await test.step('dask', async () => {
    expect(await dask(page)).toEqual({ kind: 'done', output: '499500\n' });
  });
  await test.step('stop', () => stop(page));
});
