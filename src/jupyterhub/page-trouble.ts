import type { Page, Request } from 'playwright';
import { oneLine } from '../core/text.ts';
import { withoutQuery } from './without-query.ts';

/** What stands against the document that the main frame shows now. */
export interface Trouble {
  /** Scripts that did not come and errors that nobody caught, as sentences. */
  readonly errors: readonly string[];
  /** Addresses of requests without an answer yet. */
  readonly waitingFor: readonly string[];
  /** How long no request has been under way, in milliseconds; 0 while one is. */
  readonly quietForMs: number;
}

/** Kinds of requests that a page waits for while it comes up; event streams and sockets stay open. */
const AWAITED = new Set(['document', 'stylesheet', 'script', 'fetch', 'xhr']);
const KEPT = 20;

/** Listens to what goes wrong inside the page's document; a new document starts from nothing. */
export class PageTrouble {
  #errors: string[] = [];
  #underWay = new Set<Request>();
  #quietSinceMs = performance.now();

  constructor(page: Page) {
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#startOver();
    });
    page.on('request', (request) => {
      if (AWAITED.has(request.resourceType())) this.#underWay.add(request);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.#addScript(response.request(), String(response.status()));
    });
    page.on('requestfinished', (request) => this.#end(request));
    page.on('requestfailed', (request) => {
      const error = request.failure()?.errorText ?? 'no answer';
      // What the page itself gave up is no fault.
      if (!error.includes('ERR_ABORTED')) this.#addScript(request, error);
      this.#end(request);
    });
    page.on('pageerror', (error) => this.#add(oneLine(String(error))));
  }

  now(): Trouble {
    const waitingFor = [...this.#underWay].map((request) => withoutQuery(request.url()));
    const quietForMs = waitingFor.length > 0 ? 0 : performance.now() - this.#quietSinceMs;
    return { errors: [...this.#errors], waitingFor, quietForMs };
  }

  /** What the last document still waited for is nobody's business any more. */
  #startOver(): void {
    this.#errors = [];
    this.#underWay.clear();
    this.#quietSinceMs = performance.now();
  }

  #addScript(request: Request, how: string): void {
    if (request.resourceType() === 'script') this.#add(`${how} at ${withoutQuery(request.url())}`);
  }

  #add(error: string): void {
    if (this.#errors.length < KEPT) this.#errors.push(error);
  }

  #end(request: Request): void {
    if (!this.#underWay.delete(request)) return;
    if (this.#underWay.size === 0) this.#quietSinceMs = performance.now();
  }
}
