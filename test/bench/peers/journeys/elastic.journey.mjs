import { expect, journey, step } from '@elastic/synthetics';
import { dask, login, server, stop } from './steps.mjs';

// The same in the peer's own language, with its default limit of 50 s for an action.
journey('a user can work', ({ page }) => {
  step('login', () => login(page));
  step('server', async () => {
    expect(await server(page)).toEqual({ kind: 'done', output: '42\n' });
  });
  step('dask', async () => {
    expect(await dask(page)).toEqual({ kind: 'done', output: '499500\n' });
  });
  step('stop', () => stop(page));
});
