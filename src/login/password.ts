import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { oneLine } from '../core/text.ts';
import type { DocumentAnswer } from '../jupyterhub/page-watch.ts';
import { hubRootOf } from '../jupyterhub/session.ts';
import { answerOf, expectHubAlive, withoutQuery } from '../jupyterhub/who-answered.ts';
import { defineLogin } from './login.ts';

/**
 * JupyterHub's own form, as PAM, LDAP, shared-password, dummy and first-use authenticators show it.
 * Its ids are the same from JupyterHub 1.0 to 6; its words are not, so only ids and statuses decide.
 */
export const password = defineLogin({
  async open({ page, watch, hub, signal }) {
    const root = hubRootOf(hub.url);
    // Without an explicit `next` the hub would start a server right after login, and one criterion would hide the other.
    const next = `${new URL(root).pathname}home`;
    const mark = watch.mark();
    void page.goto(`${root}login?next=${encodeURIComponent(next)}`, { waitUntil: 'commit' }).catch(() => {
      // What came of it is in the watch.
    });
    const answer = answerOf(await watch.settle(mark, signal));
    expectHubAlive(answer);
    await page.waitForLoadState('domcontentloaded');
    if ((await page.locator('#username_input').count()) === 0) {
      throw new Broken(
        'login-page-broken',
        `${withoutQuery(answer.url)} answered ${answer.status} without a form for name and password`,
      );
    }
  },

  async submit({ page, watch, credential, signal }) {
    await page.locator('#username_input').fill(credential.username);
    await page.locator('#password_input').fill(credential.password);
    const mark = watch.mark();
    await page.locator('#login_submit').click({ noWaitAfter: true });
    const answer = answerOf(await watch.settle(mark, signal));
    await page.waitForLoadState('domcontentloaded');
    await expectLoggedIn(page, answer);
  },
});

async function expectLoggedIn(page: Page, answer: DocumentAnswer): Promise<void> {
  if (answer.hubVersion === null) expectHubAlive(answer);
  if (answer.status >= 500) {
    throw new Broken(
      'login-error',
      `the hub answered the login with ${answer.status}: its authenticator failed`,
    );
  }
  const refusal = await refusalOn(page);
  // Since 5.3 a refused XSRF check wears the clothes of a wrong password; only its words differ.
  if (answer.status === 403 && /XSRF|invalid or expired/i.test(refusal ?? (await headingOf(page)))) {
    throw new Broken('xsrf', 'the hub did not recognise its own login form (XSRF check, 403)');
  }
  // 200 up to JupyterHub 5.2, 403 since.
  if (refusal !== null) {
    throw new Broken('login-rejected', `the hub refused name and password (${answer.status}): "${refusal}"`);
  }
  if (answer.status === 403) {
    throw new Broken('not-authorized', `logged in, but not allowed in: 403 at ${withoutQuery(answer.url)}`);
  }
  if (answer.status >= 400) {
    throw new Broken(
      'login-error',
      `the hub answered the login with ${answer.status} at ${withoutQuery(answer.url)}`,
    );
  }
}

async function refusalOn(page: Page): Promise<string | null> {
  const error = page.locator('p.login_error');
  if ((await error.count()) === 0) return null;
  const words = oneLine(await error.first().innerText());
  return words === '' ? null : words;
}

async function headingOf(page: Page): Promise<string> {
  const error = page.locator('.error');
  return (await error.count()) === 0 ? '' : oneLine(await error.first().innerText());
}
