import type { Locator, Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { explainFailure } from '../jupyterhub/no-document.ts';
import { submitOf, takeSteps } from '../jupyterhub/page-steps.ts';
import { hubRootOf } from '../jupyterhub/session.ts';
import { answerOf } from '../jupyterhub/who-answered.ts';
import { defineLogin } from './login.ts';
import { expectLoggedIn, seeLoginAnswer } from '../jupyterhub/login-answer.ts';
import { expectLoginForm, seeLoginPage } from '../jupyterhub/login-page.ts';

/**
 * JupyterHub's own form, as PAM, LDAP, shared-password, dummy and first-use authenticators show it, or one of the operator's own.
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
    const source = isError ? await watch.sourceOf(answer, mark, signal) : null;
    const seen = await seeLoginPage(page, source, hub.login.selectors.username);
    if (cutOff !== null && !seen.hasForm) throw explainFailure(cutOff, hub.url);
    expectLoginForm(answer, seen, hub.url);
  },

  async submit({ page, watch, hub, credential, signal }) {
    const { selectors, steps } = hub.login;
    await fillIn(page, selectors.username, credential.username);
    await fillIn(page, selectors.password, credential.password);
    // JupyterHub's own page has it where `login_term_url` is set, and does not let itself be sent without.
    const terms = page.locator('#login_terms_checkbox');
    if ((await terms.count()) > 0) await terms.check();
    await takeSteps(page, steps, { key: 'login.steps', reason: 'login-page-broken' });
    const submit = submitOf(page, steps) ?? page.locator(selectors.submit).first();
    await expectComplete(submit);
    const mark = watch.mark();
    await submit.click({ noWaitAfter: true });
    const answer = answerOf(await watch.settle(mark, signal), hub.url);
    const source = await watch.sourceOf(answer, mark, signal);
    // A refused login is answered at once; where a good one leads may move on by itself, and is not to be read while it does.
    const isQuiet = answer.status < 400 && answer.method !== 'POST';
    const nothing = { refusal: '', error: '' };
    expectLoggedIn(answer, isQuiet ? nothing : await seeLoginAnswer(page, source, selectors.error));
    await watch.parsed(mark, signal);
  },
});

/** A browser does not send a form in which something is missing, and says so only to people. */
async function expectComplete(submit: Locator): Promise<void> {
  const missing = await submit.evaluate((button) =>
    [...(button.closest('form')?.querySelectorAll(':invalid:not(fieldset)') ?? [])].map(
      (field) => field.getAttribute('name') ?? field.id,
    ),
  );
  if (missing.length === 0) return;
  const what = missing.join(', ');
  throw new Broken(
    'login-page-broken',
    `the login page wants more before it can be sent (login.steps): ${what}`,
  );
}

async function fillIn(page: Page, selector: string, text: string): Promise<void> {
  await page.locator(selector).first().fill(text);
}
