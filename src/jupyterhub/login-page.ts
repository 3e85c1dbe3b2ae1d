import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { OwnFault } from '../core/own-fault.ts';
import { oneLine } from '../core/text.ts';
import type { DocumentAnswer } from './page-watch.ts';
import { expectHubAlive, noHubBehind } from './who-answered.ts';
import { withoutQuery } from './without-query.ts';

/** What stands on a page that should be the hub's login page. */
export interface SeenLoginPage {
  readonly hasForm: boolean;
  /** Whether it asks its reader for anything, as the login page of a provider does and a maintenance page does not. */
  readonly asks: boolean;
  /** Words of the buttons that lead to a provider: "Sign in with GitHub". */
  readonly providers: readonly string[];
  /** Whether JupyterHub's own page data are there. */
  readonly isHubPage: boolean;
  /** Title and first words, for people. */
  readonly words: string;
}

/** A provider may well be a sub-domain of the hub's own name. */
function isElsewhere(url: string, hubUrl: string): boolean {
  return new URL(url).hostname !== new URL(hubUrl).hostname;
}

/**
 * @param source the document as it was sent; null for the page as it stands.
 * @param nameField selector of the field for the name.
 */
export async function seeLoginPage(
  page: Page,
  source: string | null,
  nameField: string,
): Promise<SeenLoginPage> {
  const seen = await page.evaluate((html) => {
    const shown = html === null ? document : new DOMParser().parseFromString(html, 'text/html');
    // A document that was cut off early has none.
    const body = shown.body?.cloneNode(true);
    if (body instanceof HTMLElement)
      for (const code of body.querySelectorAll('script, style, noscript')) code.remove();
    return {
      hasHubsOwnForm: shown.querySelector('#username_input') !== null,
      asks: shown.querySelector('input:not([type=hidden])') !== null,
      providers: [...shown.querySelectorAll('.service-login a')].map((link) => link.textContent ?? ''),
      isHubPage: html === null ? Reflect.has(window, 'jhdata') : html.includes('window.jhdata'),
      title: shown.title,
      body: body?.textContent ?? '',
    };
  }, source);
  const { title, body, providers, hasHubsOwnForm, ...rest } = seen;
  const hasForm = source === null ? (await page.locator(nameField).count()) > 0 : hasHubsOwnForm;
  return {
    ...rest,
    hasForm,
    providers: providers.map((words) => oneLine(words, 60)),
    words: [title, body]
      .map((words) => oneLine(words, 100))
      .filter((words) => words !== '')
      .join(': '),
  };
}

/**
 * Whether a user who types name and password can go on here.
 * @throws Broken when not, or OwnFault when users log in here in another way than the canary is told to.
 */
export function expectLoginForm(answer: DocumentAnswer, seen: SeenLoginPage, hubUrl: string): void {
  const isHub = answer.hubVersion !== null || seen.isHubPage;
  if (!isHub && isElsewhere(answer.url, hubUrl)) throw elsewhere(answer, seen);
  expectHubAlive(answer, seen.words);
  if (seen.hasForm) return;
  const at = withoutQuery(answer.url);
  if (!isHub) throw noHubBehind(answer, seen.words);
  if (seen.providers.length > 0) {
    const offers = seen.providers.map((words) => `"${words}"`).join(' and ');
    throw unsupported(`the login page offers only ${offers}`);
  }
  throw new Broken(
    'login-page-broken',
    `the hub's login page (${answer.status} at ${at}) came without a form for name and password: "${seen.words}"`,
  );
}

/** With automatic login the hub sends its users straight on to a provider; under maintenance an ingress may send them away too. */
function elsewhere(answer: DocumentAnswer, seen: SeenLoginPage): Error {
  const { status, url } = answer;
  const { host } = new URL(url);
  if (status < 400 && !seen.asks) return noHubBehind(answer, seen.words);
  if (status < 400) return unsupported(`the hub sends its users on to ${host}`);
  return new Broken(
    'identity-provider-error',
    `the hub sent the browser on to ${host}, which answered ${status} at ${withoutQuery(url)}`,
    { attribution: 'identity-provider' },
  );
}

function unsupported(what: string): OwnFault {
  return new OwnFault(
    'login-unsupported',
    `${what}, but the configuration has the canary log in with name and password (login.kind: password)`,
  );
}
