import type { Page } from 'playwright';
import { oneLine } from '../core/text.ts';
import { fetch } from './fetch.ts';
import { withoutQuery } from './without-query.ts';

/** One answer of an HTTP API. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** Asks an HTTP API in the canary user's name. Rejects only when no answer came: with NoAnswer, or with why it was aborted. */
export type Ask = (question: Question) => Promise<Answer>;

const ANSWER_WITHIN_MS = 30_000;

/** Whoever was asked did not answer, or not in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly isLate: boolean;

  constructor(url: string, cause: unknown) {
    const words = String(cause);
    const isLate = /TimeoutError/.test(words);
    const why = isLate ? `within ${ANSWER_WITHIN_MS / 1000} s` : `(${oneLine(causeOf(cause))})`;
    super(`${withoutQuery(url)} did not answer ${why}`, { cause });
    this.isLate = isLate;
  }
}

function causeOf(error: unknown): string {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message : String(inner);
}

/** What opens the hub's API from outside the browser: all of it secret, and the user's own. */
export interface ApiKey {
  /** Null where the hub does not let its users make tokens. */
  readonly token: string | null;
  /** The browser's session; null where there is a token, which needs none. */
  readonly cookies: SessionCookies | null;
}

export interface SessionCookies {
  /** As the request header has them. */
  readonly header: string;
  /** Goes with the cookies since JupyterHub 4.0; null before. */
  readonly xsrf: string | null;
  /** The page that the requests seem to come from, as JupyterHub wants it up to 3. */
  readonly referer: string;
}

/** From this process: survives the death of the page. */
export function askWithKey(key: ApiKey): Ask {
  return askWithHeaders(keyHeaders(key));
}

/** From this process, with a token in the scheme that dask-gateway takes. */
export function askGateway(token: string): Ask {
  return askWithHeaders({ authorization: `jupyterhub ${token}` });
}

export function keyHeaders({ token, cookies }: ApiKey): Readonly<Record<string, string>> {
  if (token !== null) return { authorization: `token ${token}` };
  if (cookies === null) return {};
  const { header, xsrf, referer } = cookies;
  return { cookie: header, referer, ...(xsrf === null ? {} : { 'X-XSRFToken': xsrf }) };
}

function askWithHeaders(headers: Readonly<Record<string, string>>): Ask {
  return withNoAnswer(async ({ method, url, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return { status: response.status, text: await response.text() };
  });
}

function withNoAnswer(ask: Ask): Ask {
  return (question) =>
    ask(question).catch((error: unknown) => {
      question.signal.throwIfAborted();
      // A page or browser that died is no word of the hub.
      if (!/TimeoutError|fetch failed|Failed to fetch|terminated/.test(String(error))) throw error;
      throw new NoAnswer(question.url, error);
    });
}

/**
 * From inside a page under `/hub/`, with the browser's cookies and the page's XSRF token:
 * the one form that every JupyterHub since 1.0 accepts without a token.
 */
export function askFromPage(page: Page): Ask {
  return withNoAnswer(async ({ method, url, body, signal }) => {
    signal.throwIfAborted();
    return page.evaluate(
      async ({ method, url, body, withinMs }) => {
        const xsrf = Reflect.get(Reflect.get(window, 'jhdata') ?? {}, 'xsrf_token');
        // The page's own, not the one that this file imports.
        const response = await globalThis.fetch(url, {
          method,
          headers: {
            'content-type': 'application/json',
            ...(typeof xsrf === 'string' ? { 'X-XSRFToken': xsrf } : {}),
          },
          ...(body === undefined ? {} : { body }),
          signal: AbortSignal.timeout(withinMs),
        });
        return { status: response.status, text: await response.text() };
      },
      {
        method,
        url,
        body: body === undefined ? undefined : JSON.stringify(body),
        withinMs: ANSWER_WITHIN_MS,
      },
    );
  });
}
