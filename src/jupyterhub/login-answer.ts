import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { DocumentAnswer } from './page-watch.ts';
import { wordsIn } from './page-words.ts';
import { expectHubAlive } from './who-answered.ts';
import { withoutQuery } from './without-query.ts';

/** What stands on the page after the login form was sent. */
export interface SeenLoginAnswer {
  /** The hub's complaint in the login form; empty when there is none. */
  readonly refusal: string;
  /** What an error page says. */
  readonly error: string;
}

/** @param refusal CSS selector of what is shown when a login is refused. */
export function seeLoginAnswer(page: Page, source: string, refusal: string): Promise<SeenLoginAnswer> {
  return wordsIn(page, source, { refusal, error: '.error' });
}

/** JupyterHub's own words for a refused XSRF check: the first of a page of its own up to 5.2, the second in the form since. */
const XSRF = /XSRF|invalid or expired/i;
/** JupyterHub's own words, the same since 1.0; whoever is not on the allow-list reads them too. */
const WRONG_CREDENTIAL = /invalid (user ?name|login) or password/i;
const NOT_LET_IN = /not (been )?(authori[sz]ed|allowed|approved|permitted)|no(t have)? (access|permission)/i;

/** @throws Broken unless the hub took the login. */
export function expectLoggedIn(answer: DocumentAnswer, seen: SeenLoginAnswer): void {
  const { status } = answer;
  if (answer.hubVersion === null) expectHubAlive(answer);
  if (status >= 500) {
    throw new Broken(
      'login-error',
      `the hub answered the login with ${status}: its authenticator or its database failed`,
    );
  }
  const words = seen.refusal === '' ? seen.error : seen.refusal;
  if (status === 403 && XSRF.test(words)) {
    throw new Broken('xsrf', `the hub did not recognise its own login form (403): "${words}"`);
  }
  // 200 up to JupyterHub 5.2, 403 since.
  if (seen.refusal !== '' && isWrongCredential(status, words)) {
    throw new Broken('login-rejected', `the hub refused name and password (${status}): "${words}"`);
  }
  if (seen.refusal !== '' || status === 403) {
    const said = words === '' ? '' : `: "${words}"`;
    throw new Broken(
      'not-authorized',
      `the hub took name and password but does not let the user in (${status})${said}`,
    );
  }
  if (status >= 400) {
    throw new Broken(
      'login-error',
      `the hub answered the login with ${status} at ${withoutQuery(answer.url)}: "${words}"`,
    );
  }
}

/** A hub that uses words of its own is taken to mean the password, unless it says otherwise or answers as only an authenticator does. */
function isWrongCredential(status: number, words: string): boolean {
  if (WRONG_CREDENTIAL.test(words)) return true;
  return status === 200 && !NOT_LET_IN.test(words);
}
