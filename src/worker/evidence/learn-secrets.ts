import type { BrowserContext, Page, Request, Response } from 'playwright';
import { isTelling } from '../../telling-pairs.ts';
import { inTime } from './in-time.ts';

const SETTLED_WITHIN_MS = 1_000;
const PAGE_WITHIN_MS = 2_000;
/** Browsers keep no longer cookies; a SAML assertion is longer, and its telling name hides it. */
const LONGEST_LEARNED = 4_096;

/** Everything that comes by while a run is under way and lets somebody in: cookies, tokens, `_xsrf`, codes and states. */
export interface SecretsLearned {
  /**
   * Resolves when all answers that have come by are learned from. The wire may tell of the last answer's headers a moment later
   * (0.8 ms were measured): long before anything of it is written down.
   */
  settled(): Promise<void>;
  /** Learns what the page itself holds: values of hidden and password fields, what its scripts are given. */
  fromPage(page: Page): Promise<void>;
}

export function learnSecrets(context: BrowserContext, learn: (secret: string) => void): SecretsLearned {
  const pending = new Set<Promise<void>>();
  const wired = new WeakSet<Page>();
  const soon = (work: Promise<void>) => {
    // A page that was closed meanwhile has no more to tell.
    const settled = work.catch(() => {}).finally(() => pending.delete(settled));
    pending.add(settled);
  };
  context.on('page', (page) => soon(listenOnTheWire(page, learn).then(() => void wired.add(page))));
  context.on('request', (request) => {
    learnFromUrl(request.url(), learn);
    learnFromBody(request, learn);
  });
  context.on('response', (response) => {
    if (!isOnTheWire(response, wired)) soon(learnFromAnswer(response, learn));
    // A page may have gone by the time it is looked at; its source is still at hand.
    if (response.request().resourceType() === 'document') soon(learnFromSource(response, learn));
  });
  return {
    settled: () => inTime(Promise.all(pending), SETTLED_WITHIN_MS).then(nothing, nothing),
    async fromPage(page) {
      // Scripts set cookies too, and no answer tells of those.
      const cookies = context.cookies().then((all) => all.forEach(({ value }) => learnCookie(value, learn)));
      const inPage = learnFromPage(page, learn);
      await inTime(Promise.allSettled([cookies, inPage]), PAGE_WITHIN_MS).catch(nothing);
    },
  };
}

/** The headers of every question and answer, of those too whose page has gone before it heard: Playwright tells of none. */
async function listenOnTheWire(page: Page, learn: (secret: string) => void): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSentExtraInfo', ({ headers }) => learnFromAsked(lowerCased(headers), learn));
  session.on('Network.responseReceivedExtraInfo', ({ headers }) => learnFromAnswered(lowerCased(headers), learn));
  // Bodies are none of its business.
  await session.send('Network.enable', { maxTotalBufferSize: 0, maxResourceBufferSize: 0 });
}

/** Of what frames of other sites and a page's very first moments are answered, the wire of the page does not tell. */
function isOnTheWire(response: Response, wired: WeakSet<Page>): boolean {
  try {
    const frame = response.frame();
    return frame.parentFrame() === null && wired.has(frame.page());
  } catch {
    // Playwright throws for what belongs to no frame.
    return false;
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function nothing(): void {
  // What did not come in time is not learned; the telling names still hide it.
}

async function learnFromAnswer(response: Response, learn: (secret: string) => void): Promise<void> {
  const [asked, answered] = await Promise.all([response.request().allHeaders(), response.allHeaders()]);
  learnFromAsked(asked, learn);
  learnFromAnswered(answered, learn);
}

function learnFromAsked(headers: Readonly<Record<string, string>>, learn: (secret: string) => void): void {
  for (const cookie of (headers['cookie'] ?? '').split(';')) learnPair(cookie, learn);
  for (const name of ['authorization', 'x-xsrftoken', 'x-csrftoken']) {
    const value = headers[name] ?? '';
    learnValue(value.slice(value.indexOf(' ') + 1), learn);
  }
}

function learnFromAnswered(headers: Readonly<Record<string, string>>, learn: (secret: string) => void): void {
  for (const cookie of (headers['set-cookie'] ?? '').split('\n')) learnPair(cookie.split(';')[0] ?? '', learn);
  learnFromUrl(headers['location'] ?? '', learn);
}

async function learnFromSource(response: Response, learn: (secret: string) => void): Promise<void> {
  if (!(response.headers()['content-type'] ?? '').includes('text/html')) return;
  const source = await response.text();
  const given = /[\w.-]*(?:xsrf|csrf|token|secret)[\w.-]*["']?\s{0,4}[:=]\s{0,4}["']([^"'\s]{6,})["']/gi;
  for (const [, value = ''] of source.matchAll(given)) learnValue(value, learn);
  for (const [field] of source.matchAll(/<input\b[^>]{0,4000}\btype=["']?hidden\b[^>]{0,4000}>/gi)) {
    learnValue(/\bvalue=["']?([^"'>\s]+)/i.exec(field)?.[1] ?? '', learn);
  }
}

function learnPair(pair: string, learn: (secret: string) => void): void {
  learnCookie(pair.slice(pair.indexOf('=') + 1), learn);
}

/** Of a signed cookie the long parts count by themselves too. */
function learnCookie(quoted: string, learn: (secret: string) => void): void {
  const value = quoted.trim().replace(/^"(.*)"$/, '$1');
  for (const spelling of new Set([value, decoded(value)])) {
    if (spelling.length > LONGEST_LEARNED) continue;
    const parts = spelling.split(/[|:.!]/).filter((part) => isSecretLike(part, 16));
    for (const secret of isSecretLike(spelling, 8) ? [spelling, ...parts] : parts) learn(secret);
  }
}

function learnFromUrl(url: string, learn: (secret: string) => void): void {
  const start = url.search(/[?#]/);
  if (start === -1) return;
  for (const piece of url.slice(start + 1).split(/[?#]/)) learnFromForm(piece, learn);
}

/** What a form or a script posts: `a=1&b=2` or flat JSON. */
function learnFromBody(request: Request, learn: (secret: string) => void): void {
  const body = request.postData();
  if (body === null || body.length > 100_000) return;
  const type = request.headers()['content-type'] ?? '';
  if (type.includes('x-www-form-urlencoded')) learnFromForm(body, learn);
  if (!type.includes('json')) return;
  for (const [, name = '', value = ''] of body.matchAll(/"([^"\\]{1,80})"\s*:\s*"((?:[^"\\]|\\.)*)"/g)) {
    if (isTelling(name)) learnValue(value, learn);
  }
}

function learnFromForm(text: string, learn: (secret: string) => void): void {
  for (const [name, value] of new URLSearchParams(text)) if (isTelling(name)) learnValue(value, learn);
}

async function learnFromPage(page: Page, learn: (secret: string) => void): Promise<void> {
  for (const frame of page.frames()) {
    for (const value of await frame.evaluate(secretsInPage)) learnValue(value, learn);
  }
}

/** Runs in the page. */
function secretsInPage(): string[] {
  const found: string[] = [];
  for (const field of document.querySelectorAll('input[type=hidden], input[type=password]')) {
    if (field instanceof HTMLInputElement) found.push(field.value, field.defaultValue);
  }
  for (const meta of document.querySelectorAll('meta[name*=csrf i], meta[name*=xsrf i], meta[name*=token i]')) {
    found.push(meta.getAttribute('content') ?? '');
  }
  const given = [
    Reflect.get(window, 'jhdata'),
    JSON.parse(document.querySelector('#jupyter-config-data')?.textContent ?? '{}'),
  ];
  for (const data of given) {
    for (const [name, value] of Object.entries(data ?? {})) {
      if (/token|xsrf|csrf|secret/i.test(name) && typeof value === 'string') found.push(value);
    }
  }
  return found;
}

/** A value that was given a telling name: `true` and `1` are none, a one-time code is one. */
function learnValue(value: string, learn: (secret: string) => void): void {
  for (const spelling of new Set([value, decoded(value)])) {
    if (spelling.length >= 6 && spelling.length <= LONGEST_LEARNED && !/^[a-z]+$/.test(spelling)) learn(spelling);
  }
}

/** Not a word: cookies also keep themes and languages. */
function isSecretLike(text: string, shortest: number): boolean {
  return text.length >= shortest && /\d/.test(text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding: it is what it looks like.
    return text;
  }
}
