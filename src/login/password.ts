import { explainFailure } from '../jupyterhub/no-document.ts';
import { hubRootOf } from '../jupyterhub/session.ts';
import { answerOf } from '../jupyterhub/who-answered.ts';
import { defineLogin } from './login.ts';
import { expectLoggedIn, seeLoginAnswer } from '../jupyterhub/login-answer.ts';
import { expectLoginForm, seeLoginPage } from '../jupyterhub/login-page.ts';

/**
 * JupyterHub's own form, as PAM, LDAP, shared-password, dummy and first-use authenticators show it.
 * Its ids are the same from JupyterHub 1.0 to 6; its words are not, so ids and statuses decide wherever they can.
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
    const answer = answerOf(await watch.settle(mark, signal), hub.url);
    // An error page has said all there is to say; a form has to be there for typing.
    const isError = answer.status >= 400;
    const cutOff = isError ? null : await watch.parsed(mark, signal);
    const seen = await seeLoginPage(page, isError ? await watch.sourceOf(answer, mark, signal) : null);
    if (cutOff !== null && !seen.hasForm) throw explainFailure(cutOff, hub.url);
    expectLoginForm(answer, seen, hub.url);
  },

  async submit({ page, watch, hub, credential, signal }) {
    await page.locator('#username_input').fill(credential.username);
    await page.locator('#password_input').fill(credential.password);
    const mark = watch.mark();
    await page.locator('#login_submit').click({ noWaitAfter: true });
    const answer = answerOf(await watch.settle(mark, signal), hub.url);
    const source = await watch.sourceOf(answer, mark, signal);
    // Where a login leads may move on by itself, and is not to be read while it does.
    const isQuiet = answer.status < 400 && !source.includes('login_error');
    expectLoggedIn(answer, isQuiet ? { refusal: '', error: '' } : await seeLoginAnswer(page, source));
    await watch.parsed(mark, signal);
  },
});
