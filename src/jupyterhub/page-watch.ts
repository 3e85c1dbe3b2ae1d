import type { Page, Request, Response } from 'playwright';

/** One answer to a navigation of the main frame: what decides who said what, whatever the page then shows. */
export interface DocumentAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** `X-JupyterHub-Version`: the hub and its single-user servers send it, proxies do not. */
  readonly hubVersion: string | null;
  readonly retryAfter: string | null;
  readonly at: string;
}

/** The main frame asked for a document and got none. */
export interface DocumentFailure {
  readonly url: string;
  /** Chromium's own word, such as `net::ERR_CONNECTION_REFUSED`. */
  readonly error: string;
}

export type Settled =
  | { readonly kind: 'answer'; readonly answer: DocumentAnswer }
  | { readonly kind: 'failure'; readonly failure: DocumentFailure };

const KEPT = 50;

/**
 * Listens to a page's main-document answers, console errors and broken assets.
 * Chromium replaces an error answer without a body by a page of its own, so the answers are the evidence, not the page.
 */
export class PageWatch {
  readonly answers: DocumentAnswer[] = [];
  readonly consoleErrors: string[] = [];
  /** Sub-resources that answered 4xx or 5xx. */
  readonly brokenAssets: string[] = [];
  #hubVersion: string | null = null;
  #page: Page;
  /** Answered, but the page does not show it yet. */
  #arriving: { readonly request: Request; readonly answer: DocumentAnswer } | null = null;
  #settled: Settled[] = [];
  #responses = new WeakMap<DocumentAnswer, Response>();
  #waiting = new Set<() => void>();

  #onHubVersion: (version: string) => void;

  constructor(page: Page, onHubVersion: (version: string) => void = () => {}) {
    this.#page = page;
    this.#onHubVersion = onHubVersion;
    page.on('response', (response) => this.#onResponse(response));
    page.on('requestfailed', (request) => this.#onFailed(request));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#arrive();
    });
    page.on('console', (message) => {
      if (message.type() === 'error') keep(this.consoleErrors, message.text());
    });
    page.on('pageerror', (error) => keep(this.consoleErrors, String(error)));
  }

  /** A point in time; `settledSince` looks at what came after it. */
  mark(): number {
    return this.#settled.length;
  }

  /** The last word since `mark` on a document: an answer that is no redirect, or a failure; null while there is none. */
  settledSince(mark: number): Settled | null {
    return this.#settled.slice(mark).at(-1) ?? null;
  }

  /** Waits for the first document since `mark` that `accept` takes; the caller sets the time limit. */
  async settle(
    mark: number,
    signal: AbortSignal,
    accept: (settled: Settled) => boolean = () => true,
  ): Promise<Settled> {
    for (;;) {
      const found = this.#settled.slice(mark).find(accept);
      if (found !== undefined) return found;
      await this.#change(signal);
    }
  }

  /**
   * The document as it was sent, which is there before the page has loaded its scripts; empty when it is not to be had: cut
   * off, or without a body, of which Chromium keeps nothing.
   */
  async sourceOf(answer: DocumentAnswer, mark: number, signal: AbortSignal): Promise<string> {
    const text = this.#responses.get(answer)?.text() ?? Promise.resolve('');
    const sent = await this.#unlessCut(
      mark,
      signal,
      text.catch(() => ''),
    );
    return typeof sent === 'string' ? sent : '';
  }

  /** Waits until the page is there with its scripts. @returns how its document was cut off, when it was. */
  async parsed(mark: number, signal: AbortSignal): Promise<DocumentFailure | null> {
    return (await this.#unlessCut(mark, signal, this.#page.waitForLoadState('domcontentloaded'))) ?? null;
  }

  /** For a document that was cut off, Chromium loads on for ever, and Playwright's own waiting does not end. */
  async #unlessCut<T>(mark: number, signal: AbortSignal, whole: Promise<T>): Promise<T | DocumentFailure> {
    const done = new AbortController();
    const cut = this.settle(mark, AbortSignal.any([signal, done.signal]), ({ kind }) => kind === 'failure');
    // Whichever comes second says nothing any more.
    for (const late of [cut, whole]) late.catch(() => {});
    const failure = cut.then((settled) =>
      settled.kind === 'failure' ? settled.failure : Promise.reject(settled),
    );
    failure.catch(() => {});
    return Promise.race([failure, whole]).finally(() => done.abort());
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', abort);
      };
      const wake = () => {
        stop();
        resolve();
      };
      const abort = () => {
        stop();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', abort);
      this.#waiting.add(wake);
    });
  }

  #onResponse(response: Response): void {
    const request = response.request();
    const version = response.headers()['x-jupyterhub-version'] ?? null;
    if (version !== null && this.#hubVersion === null) {
      this.#hubVersion = version;
      this.#onHubVersion(version);
    }
    if (!this.#isMainDocument(request)) {
      if (response.status() >= 400) keep(this.brokenAssets, `${response.status()} ${response.url()}`);
      return;
    }
    const answer: DocumentAnswer = {
      method: request.method(),
      url: response.url(),
      status: response.status(),
      hubVersion: version,
      retryAfter: response.headers()['retry-after'] ?? null,
      at: new Date().toISOString(),
    };
    keep(this.answers, answer);
    this.#responses.set(answer, response);
    if (answer.status < 300 || answer.status >= 400) this.#arriving = { request, answer };
  }

  /** Only now do the page's contents belong to the answer. */
  #arrive(): void {
    if (this.#arriving === null) return;
    const { answer } = this.#arriving;
    this.#arriving = null;
    this.#settle({ kind: 'answer', answer });
  }

  #onFailed(request: Request): void {
    if (!this.#isMainDocument(request)) return;
    const error = request.failure()?.errorText ?? 'unknown';
    if (error.includes('ERR_ABORTED')) {
      // An answer that shows nothing (204, a download) is an answer all the same; a navigation that another one replaced says nothing.
      if (this.#arriving?.request === request) this.#arrive();
      return;
    }
    // Cut off before the page showed any of it.
    if (this.#arriving?.request === request) this.#arriving = null;
    this.#settle({ kind: 'failure', failure: { url: request.url(), error } });
  }

  #settle(settled: Settled): void {
    this.#settled.push(settled);
    for (const wake of this.#waiting) wake();
  }

  #isMainDocument(request: Request): boolean {
    if (!request.isNavigationRequest()) return false;
    try {
      return request.frame() === this.#page.mainFrame();
    } catch {
      // Playwright throws for requests that have no frame (service workers); those are no documents of ours.
      return false;
    }
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > KEPT) list.shift();
}

/** A login that forgets where its user wanted to go ends in the start of the default server, where the hub shows no form before. */
export function startsServer(answers: readonly DocumentAnswer[]): boolean {
  return answers.some(({ url }) => new URL(url).pathname.includes('/hub/spawn-pending/'));
}
