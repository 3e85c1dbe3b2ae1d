import type { Page } from 'playwright';
import { z } from 'zod';
import { Broken } from '../core/broken.ts';
import { messageOf } from '../core/text.ts';
import { type ApiKey, type SessionCookies, askFromPage, askWithKey } from './ask.ts';
import { HubApi, HubApiError } from './hub-api.ts';
import { explainFailure } from './no-document.ts';
import { revokeRunTokens, tokenNote } from './run-tokens.ts';
import { expectHubAlive } from './who-answered.ts';

/** A logged-in canary user. */
export interface Session {
  /** The hub's own name for the user; it may differ from what was typed. */
  readonly user: string;
  /** Absolute URL that ends with `hub/`. */
  readonly hubRoot: string;
  readonly api: HubApi;
  /** With what `api` asks: a token, or the browser's own session where the hub does not let its users make tokens. */
  readonly key: ApiKey;
  /** Null where there is none to be revoked. */
  readonly token: UserToken | null;
}

/** Short-lived, so that one that could not be revoked ends by itself. */
export interface UserToken {
  readonly id: string;
  readonly secret: string;
}

export interface TokenWish {
  readonly run: string;
  readonly deadlineMs: number;
  /**
   * Called before there is a token, with how to remove it: a process that dies right after minting leaves none that
   * nobody knows of. The function it gives back says that none was made after all.
   */
  readonly announce: (remove: (signal: AbortSignal) => Promise<void>) => () => void;
}

/** Beyond the run's deadline, for the cleanup: a token whose worker died before it could hand it up ends by itself. */
const TOKEN_OUTLIVES_DEADLINE_SECONDS = 300;

const HubPageData = z.object({
  base_url: z.string(),
  user: z.string().nullish(),
  xsrf_token: z.string().nullish(),
});

/** Where the hub's own pages are for a hub at `url`. */
export function hubRootOf(url: string): string {
  return new URL('hub/', url).href;
}

/**
 * Makes sure that the page shows a hub page of a logged-in user and mints the token with which everything is cleaned up,
 * even when the browser is dead by then. A login may end on a page of the operator's own (`JupyterHub.default_url`, a page
 * with news) or on its way to a server; the user's home is then gone to.
 * @throws Broken when the page belongs to nobody.
 */
export async function openSession(
  page: Page,
  hubUrl: string,
  wish: TokenWish,
  signal: AbortSignal,
): Promise<Session> {
  const data = (await userData(page)) ?? (await userDataAtHome(page, hubUrl));
  if (data === null) {
    throw new Broken('login-page-broken', 'the home page came up without a logged-in user in it');
  }
  const hubRoot = new URL(data.base_url, page.url()).href;
  const fromPage = new HubApi(`${hubRoot}api/`, askFromPage(page));
  const user = await fromPage.whoAmI(signal);
  let api = fromPage;
  const notMade = wish.announce((cleanup) => revokeRunTokens(api, user, wish.run, cleanup));
  const token = await mintToken(fromPage, user, wish, signal);
  if (token === null) notMade();
  const key: ApiKey =
    token === null
      ? { token, cookies: await sessionCookies(page, hubRoot, data.xsrf_token ?? null) }
      : { token: token.secret, cookies: null };
  api = new HubApi(fromPage.url, askWithKey(key));
  return { user, hubRoot, token, key, api };
}

/** What a hub's own page holds of its user; null on every other page, and on a hub's page that belongs to nobody. */
async function userData(page: Page): Promise<z.infer<typeof HubPageData> | null> {
  const isAtHome = new URL(page.url()).pathname.endsWith('/hub/home');
  const data = HubPageData.safeParse(await page.evaluate(() => Reflect.get(window, 'jhdata')));
  return isAtHome && data.success && data.data.user ? data.data : null;
}

async function userDataAtHome(page: Page, hubUrl: string): Promise<z.infer<typeof HubPageData> | null> {
  const url = `${hubRootOf(hubUrl)}home`;
  const response = await page.goto(url, { waitUntil: 'domcontentloaded' }).catch((error: unknown) => {
    const [name = null] = /net::ERR_\w+/.exec(messageOf(error)) ?? [];
    throw name === null ? error : explainFailure({ error: name, url }, hubUrl);
  });
  if (response !== null) {
    const hubVersion = await response.headerValue('x-jupyterhub-version');
    expectHubAlive({ status: response.status(), url: response.url(), hubVersion });
  }
  return userData(page);
}

/** The browser's session, for requests that need no browser. Since JupyterHub 4.1 its XSRF token fits this session alone. */
async function sessionCookies(page: Page, hubRoot: string, xsrf: string | null): Promise<SessionCookies> {
  const cookies = await page.context().cookies(hubRoot);
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return { header, xsrf, referer: `${hubRoot}home` };
}

async function mintToken(
  api: HubApi,
  user: string,
  { run, deadlineMs }: TokenWish,
  signal: AbortSignal,
): Promise<UserToken | null> {
  try {
    const minted = await api.mintToken(user, {
      note: tokenNote(run),
      expiresInSeconds: Math.ceil(deadlineMs / 1000) + TOKEN_OUTLIVES_DEADLINE_SECONDS,
      signal,
    });
    return { id: minted.id, secret: minted.token };
  } catch (error) {
    // A hub may forbid tokens by its roles; that is no fault of the hub.
    if (error instanceof HubApiError && error.status === 403) return null;
    throw error;
  }
}
