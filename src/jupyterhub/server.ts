import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { readableMs } from '../core/text.ts';
import { interfaceBroken, interfaceLate, isHopeless } from './interface-verdict.ts';
import { LOOK_WITHIN_MS, type Kernel } from './kernel.ts';
import { askServerInPage } from './kernel-page.ts';
import type { Look } from './kernel-verdict.ts';
import type { PageTrouble } from './page-trouble.ts';
import { answerOf, expectHubAlive } from './who-answered.ts';
import { withoutQuery } from './without-query.ts';
import type { DocumentAnswer, PageWatch, Settled } from './page-watch.ts';

/** A started single-user server that the browser has arrived at. */
export interface RunningServer {
  /** Absolute URL, ends with a slash. */
  readonly url: string;
  readonly kernel: Kernel;
}

/** The pending page sends its user on by itself; this is how long it may take before we go there on our own. */
const SENT_ON_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;
/** How long the page looks by itself before it answers: to be asked twenty times a second keeps all of a run busy. */
const LOOK_FOR_MS = 250;
const PAGE_ANSWERS_WITHIN_MS = 1_000;

/**
 * Follows the user to the started server and waits until its interface (Lab, or a notebook UI) has come up.
 * @throws Broken: `server-unreachable` when the server does not answer, `interface-broken` when what it answers does not come up.
 */
export async function openInterface(
  page: Page,
  watch: PageWatch,
  trouble: PageTrouble,
  options: {
    readonly url: string;
    readonly hubRoot: string;
    readonly mark: number;
    /** For the answer and for the interface together. */
    readonly withinMs: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const over = AbortSignal.timeout(options.withinMs);
  const { url, hubRoot, mark, withinMs, signal } = options;
  const way = { url, hubRoot, mark, signal: AbortSignal.any([signal, over]) };
  const arrived = await arriveAt(page, watch, way);
  signal.throwIfAborted();
  if (arrived === null) {
    const message = `started, but did not answer within ${readableMs(withinMs)}`;
    throw new Broken('server-unreachable', message);
  }
  expectServer(answerOf(arrived, hubRoot), hubRoot);
  while (!(await isUp(page))) {
    signal.throwIfAborted();
    if (isHopeless(trouble.now()) && (await hasNothingToDo(page))) {
      if (await isUp(page)) return;
      throw interfaceBroken(trouble.now());
    }
    if (over.aborted) throw interfaceLate(withinMs, trouble.now(), await lookAtServer(page, url));
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

interface Way {
  readonly url: string;
  readonly hubRoot: string;
  readonly mark: number;
  readonly signal: AbortSignal;
}

/** Null when the time is up. */
async function arriveAt(page: Page, watch: PageWatch, way: Way): Promise<Settled | null> {
  const { url, hubRoot, mark, signal } = way;
  const isHere = (address: string) => address.startsWith(url);
  const sentOn = AbortSignal.any([signal, AbortSignal.timeout(SENT_ON_WITHIN_MS)]);
  const arrived = (settled: Settled) =>
    settled.kind === 'failure'
      ? isHere(settled.failure.url) || letsIn(settled.failure.url, hubRoot)
      : leadsToServer(settled.answer, isHere) || isStoppedBy(settled.answer, hubRoot);
  const settled = await watch.settle(mark, sentOn, arrived).catch(() => null);
  if (settled !== null || signal.aborted) return settled;
  void page.goto(url, { waitUntil: 'commit' }).catch(() => {
    // What came of it is in the watch.
  });
  return watch.settle(mark, signal, arrived).catch(() => null);
}

/** The server itself, or the hub's word that there is none (`/hub/user/…`). */
function leadsToServer(answer: DocumentAnswer, isHere: (address: string) => boolean): boolean {
  return isHere(answer.url) || new URL(answer.url).pathname.includes('/hub/user/');
}

/** The hub, by which users go to be let into their server, sent them no further: nothing else comes after that. */
function isStoppedBy({ url, status }: DocumentAnswer, hubRoot: string): boolean {
  return (status >= 400 && letsIn(url, hubRoot)) || isLoginPage(url, hubRoot);
}

/** Where the hub says whether they may (OAuth). Its other pages may have failed while the server started, and been tolerated. */
function letsIn(url: string, hubRoot: string): boolean {
  return url.startsWith(`${hubRoot}api/oauth2/`);
}

function isLoginPage(url: string, hubRoot: string): boolean {
  return withoutQuery(url) === withoutQuery(`${hubRoot}login`);
}

function expectServer(answer: DocumentAnswer, hubRoot: string): void {
  const where = withoutQuery(answer.url);
  if (isLoginPage(answer.url, hubRoot) && answer.status < 400) {
    throw new Broken(
      'server-unreachable',
      `started, but on the way to it the hub asked its user to log in once more at ${where}`,
    );
  }
  if (answer.status < 400) return;
  if (isStoppedBy(answer, hubRoot)) {
    expectHubAlive(answer);
    throw new Broken(
      'server-unreachable',
      `started, but the hub did not let its user in: it answered ${answer.status} at ${where}`,
    );
  }
  const onHub = where.includes('/hub/user/');
  if (onHub && answer.status === 500) {
    throw new Broken(
      'redirect-loop',
      `hub and proxy sent the browser in circles until the hub gave up at ${where}`,
    );
  }
  if (onHub && answer.status === 424) {
    throw new Broken(
      'server-unreachable',
      'the hub says that the server it had just started is not running (424)',
    );
  }
  if (answer.hubVersion === null && [404, 502, 503, 504].includes(answer.status)) {
    throw new Broken('server-unreachable', `started, but the proxy answered ${answer.status} at ${where}`);
  }
  throw new Broken('server-error', `the started server answered ${answer.status} at ${where}`);
}

/** A page whose scripts are at work answers late, and is asked again. */
function isUp(page: Page): Promise<boolean> {
  return answerOfPage(page.evaluate(interfaceComesUp, { forMs: LOOK_FOR_MS, everyMs: LOOK_EVERY_MS }), false);
}

/** Whether the page's scripts have come to rest: one that still works may yet come up. */
function hasNothingToDo(page: Page): Promise<boolean> {
  const idle = page.evaluate(() => new Promise<true>((resolve) => requestIdleCallback(() => resolve(true))));
  return answerOfPage(idle, false);
}

/** Null when the page itself is too busy to ask. */
function lookAtServer(page: Page, url: string): Promise<Look> {
  const asked = page.evaluate(askServerInPage, { url: `${url}api/status`, withinMs: LOOK_WITHIN_MS });
  return answerOfPage<Look>(asked, null, LOOK_WITHIN_MS + PAGE_ANSWERS_WITHIN_MS);
}

/** A page blocked by its own scripts holds every question, and one that is being replaced loses it. */
async function answerOfPage<T>(
  asked: Promise<T>,
  otherwise: T,
  withinMs = PAGE_ANSWERS_WITHIN_MS,
): Promise<T> {
  const answered = asked.catch((error: unknown) => {
    if (/Execution context was destroyed|navigat/i.test(String(error))) return otherwise;
    throw error;
  });
  const late = new AbortController();
  const tooLate = pause(withinMs, otherwise, { signal: late.signal }).catch(() => otherwise);
  return Promise.race([answered, tooLate]).finally(() => late.abort());
}

/** Runs in the page. Lab takes its splash away when it is ready; notebook 7 fills its main panel, the classic notebook a list. */
async function interfaceComesUp({ forMs, everyMs }: { forMs: number; everyMs: number }): Promise<boolean> {
  const isUp = () =>
    document.querySelector('#main-panel > .lm-Widget, #notebook_list') !== null ||
    (document.querySelector('#main.jp-LabShell') !== null &&
      document.querySelector('#jupyterlab-splash') === null);
  const over = performance.now() + forMs;
  while (!isUp()) {
    if (performance.now() > over) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}
