import type { Page } from 'playwright';

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

/** Asks an HTTP API in the canary user's name. Rejects only when no answer came. */
export type Ask = (question: Question) => Promise<Answer>;

const ANSWER_WITHIN_MS = 30_000;

/** From this process, with a token: survives the death of the page. `scheme` is `token` for the hub, `jupyterhub` for dask-gateway. */
export function askWithToken(token: string, scheme: 'token' | 'jupyterhub' = 'token'): Ask {
  return async ({ method, url, body, signal }) => {
    const response = await fetch(url, {
      method,
      headers: { authorization: `${scheme} ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    return { status: response.status, text: await response.text() };
  };
}

/**
 * From inside a page under `/hub/`, with the browser's cookies and the page's XSRF token:
 * the one form that every JupyterHub since 1.0 accepts without a token.
 */
export function askFromPage(page: Page): Ask {
  return async ({ method, url, body, signal }) => {
    signal.throwIfAborted();
    return page.evaluate(
      async ({ method, url, body, withinMs }) => {
        const xsrf = Reflect.get(Reflect.get(window, 'jhdata') ?? {}, 'xsrf_token');
        const response = await fetch(url, {
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
  };
}
