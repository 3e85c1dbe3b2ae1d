import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { ServerSettings } from '../core/hub.ts';
import { oneLine } from '../core/text.ts';
import { answerOf, expectHubAlive, withoutQuery } from './who-answered.ts';
import type { DocumentAnswer, PageWatch } from './page-watch.ts';
import { fillOptionsForm, formError } from './options-form.ts';
import { followProgress, type ProgressEvent } from './progress.ts';
import type { Session } from './session.ts';

/** How long an earlier server may take to stop: Kubernetes gives a pod 30 s before it kills it. */
const STOPPED_WITHIN_MS = 60_000;

/**
 * Removes what an earlier visit of the canary user left behind, so that this one starts from nothing.
 * @throws Broken `stop-stuck` when the hub does not get rid of it.
 */
export async function clearLeftover(session: Session, name: string, signal: AbortSignal): Promise<void> {
  const server = await session.api.server(session.user, name, signal);
  if (server === null) return;
  const tooLong = AbortSignal.timeout(STOPPED_WITHIN_MS);
  try {
    await session.api.stopServer(session.user, name, AbortSignal.any([signal, tooLong]));
  } catch (error) {
    if (signal.aborted || !tooLong.aborted) throw error;
    const seconds = STOPPED_WITHIN_MS / 1000;
    throw new Broken('stop-stuck', `a server from before could not be stopped within ${seconds} s`, {
      cause: error,
    });
  }
}

/** Asks for a server the way the hub's own pages do; the options form is filled in where there is one. */
export async function askForServer(
  page: Page,
  watch: PageWatch,
  session: Session,
  settings: ServerSettings,
  signal: AbortSignal,
): Promise<void> {
  const path = settings.name === '' ? 'spawn' : `spawn/${encodeURIComponent(session.user)}/${settings.name}`;
  const asked = watch.mark();
  void page.goto(`${session.hubRoot}${path}`, { waitUntil: 'commit' }).catch(() => {
    // What came of it is in the watch.
  });
  const answer = answerOf(await watch.settle(asked, signal));
  expectAccepted(answer, null);
  await page.waitForLoadState('domcontentloaded');
  if (!(await page.locator('#spawn_form').count())) return;

  const submitted = watch.mark();
  await fillOptionsForm(page, settings);
  const second = answerOf(await watch.settle(submitted, signal));
  await page.waitForLoadState('domcontentloaded');
  expectAccepted(second, await formError(page));
}

/** A refusal at the request itself; what fails later is said by the progress stream. */
function expectAccepted(answer: DocumentAnswer, complaint: string | null): void {
  const where = withoutQuery(answer.url);
  if (answer.status === 429 || /\b429\b/.test(complaint ?? '')) {
    const wait = answer.retryAfter === null ? '' : ` and asks to come back in ${answer.retryAfter} s`;
    throw new Broken('spawn-throttled', `the hub takes no more starts just now (429)${wait}`, {
      attribution: 'capacity',
    });
  }
  if (complaint !== null) {
    throw new Broken('spawn-refused', `the hub refused the options form: ${oneLine(complaint)}`);
  }
  // The pending page answers with an error when the start has failed already; the progress stream says why.
  if (answer.status < 400 || where.includes('/spawn-pending/')) return;
  if (answer.hubVersion === null) expectHubAlive(answer);
  throw new Broken('spawn-refused', `asked for a server, the hub answered ${answer.status} at ${where}`);
}

/**
 * Waits until the hub says that the server is ready: the user model decides, the progress stream gives the words.
 * @returns the server's path or URL as the hub names it.
 * @throws Broken as soon as the hub has given up.
 */
export async function waitUntilReady(
  session: Session,
  name: string,
  signal: AbortSignal,
  onNote: (text: string) => void,
): Promise<string> {
  const ended = new AbortController();
  const following = AbortSignal.any([signal, ended.signal]);
  let failed: ProgressEvent | null = null;
  const stream = followProgress(session, session.api.serverUrl(session.user, name), following, (event) => {
    if (event.failed) failed = event;
    else if (event.message !== '') onNote(oneLine(event.message, 120));
  }).catch(() => {
    // Proxies cut this stream; the user model decides.
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      if (failed !== null) throw startFailed(failed);
      const server = await modelOf(session, name, signal);
      if (server === 'gone') {
        // The stream re-sends the failure to whoever asks after it.
        await Promise.race([stream, pause(2000, undefined, { signal })]);
        throw startFailed(failed);
      }
      if (server !== 'unknown' && server.ready)
        return server.url ?? `/user/${encodeURIComponent(session.user)}/`;
      await pause(250, undefined, { signal });
    }
  } finally {
    ended.abort();
  }
}

/** A hub that hiccups while a server starts is asked again; the caller's limit ends that. */
async function modelOf(session: Session, name: string, signal: AbortSignal) {
  try {
    return (await session.api.server(session.user, name, signal)) ?? 'gone';
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Broken) throw error;
    return 'unknown';
  }
}

/** The hub's words for its own time limits: "Spawn failed: " and nothing (5.x), "Timeout" (4.x), KubeSpawner's and http_timeout's sentences. */
const GAVE_UP_WAITING = /^(Spawn failed:?\s*(Timeout)?|.*did(n't respond| not start) in \d+ seconds.*)$/i;

function startFailed(event: ProgressEvent | null): Broken {
  const words = oneLine(event?.message ?? '');
  if (GAVE_UP_WAITING.test(words)) {
    return new Broken('spawn-timeout', `the hub gave up waiting for the server to start: "${words}"`);
  }
  const said = words === '' ? 'without a word' : `and says "${words}"`;
  return new Broken('spawn-failed', `the hub failed to start the server ${said}`);
}
