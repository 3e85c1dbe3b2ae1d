import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { ServerSettings } from '../core/hub.ts';
import { OwnFault } from '../core/own-fault.ts';
import { oneLine } from '../core/text.ts';
import { answerOf } from './who-answered.ts';
import type { DocumentAnswer, PageWatch } from './page-watch.ts';
import { fillOptionsForm } from './options-form.ts';
import { followProgress, type ProgressEvent } from './progress.ts';
import type { Session } from './session.ts';
import { refusalIn, seeSpawnAnswer, startFailed } from './spawn-answer.ts';

/** Between two looks at a starting server, while the hub tells of it by itself, and while it does not. */
const LOOK_EVERY_MS = { told: 1_000, untold: 250 };
/** How long a hub that works takes to say again why a start failed. */
const FAILURE_WITHIN_MS = 2_000;

/**
 * Removes what an earlier visit of the canary user left behind, so that this one starts from nothing.
 * @param withinMs how long it may take to stop; Kubernetes gives a pod 30 s before it kills it.
 * @throws Broken `stop-stuck` when the hub does not get rid of it; OwnFault while an earlier visit's start goes on, which
 * JupyterHub before 5.1 can't interrupt: how long the hub itself takes for it is the hub's own limit, and its end is seen by later visits.
 */
export async function clearLeftover(
  session: Pick<Session, 'api' | 'user'>,
  name: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const server = await session.api.server(session.user, name, signal);
  if (server === null) return;
  const tooLong = AbortSignal.timeout(withinMs);
  try {
    await session.api.stopServer(session.user, name, AbortSignal.any([signal, tooLong]));
  } catch (error) {
    if (signal.aborted || !tooLong.aborted) throw error;
    const seconds = withinMs / 1000;
    const last = await session.api.server(session.user, name, signal).catch(() => null);
    if (last?.pending === 'spawn') {
      const message = `the start of a server from an earlier visit goes on, and this hub could not interrupt it within ${seconds} s`;
      throw new OwnFault('internal', message, error);
    }
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
  const query = new URLSearchParams(settings.query);
  const address = `${session.hubRoot}${path}${query.size === 0 ? '' : `?${query}`}`;
  void page.goto(address, { waitUntil: 'commit' }).catch(() => {
    // What came of it is in the watch.
  });
  const answer = answerOf(await watch.settle(asked, signal), session.hubRoot);
  await expectAccepted(
    page,
    session,
    settings.name,
    { answer, source: await watch.sourceOf(answer, asked, signal) },
    signal,
  );
  await watch.parsed(asked, signal);
  if (!(await page.locator('#spawn_form').count())) return;

  if (query.size > 0) {
    throw new Broken(
      'options-form-broken',
      'the hub shows its options form instead of starting a server from server.query',
    );
  }

  const submitted = watch.mark();
  await fillOptionsForm(page, settings);
  const second = answerOf(await watch.settle(submitted, signal), session.hubRoot);
  const source = await watch.sourceOf(second, submitted, signal);
  await expectAccepted(page, session, settings.name, { answer: second, source }, signal);
}

/** A hub that holds the request while the server starts answers it with an error that says little; its progress stream says why. */
async function expectAccepted(
  page: Page,
  session: Session,
  name: string,
  { answer, source }: { readonly answer: DocumentAnswer; readonly source: string },
  signal: AbortSignal,
): Promise<void> {
  // The pending page moves on by itself, and is not to be read while it does.
  if (answer.status < 400 && !source.includes('spawn-error-msg')) return;
  const refusal = refusalIn(answer, await seeSpawnAnswer(page, source));
  if (refusal === null) return;
  const failed = refusal.reason === 'spawn-refused' ? await failureOf(session, name, signal) : null;
  throw failed === null ? refusal : startFailed(failed, false);
}

/** The progress stream sends the failure of the last start again to whoever asks; null when there was none. */
async function failureOf(session: Session, name: string, signal: AbortSignal): Promise<ProgressEvent | null> {
  let failed: ProgressEvent | null = null;
  const soon = AbortSignal.any([signal, AbortSignal.timeout(FAILURE_WITHIN_MS)]);
  await followProgress(session, session.api.serverUrl(session.user, name), soon, (event) => {
    if (event.failed) failed = event;
  }).catch(() => {
    // Then there is nothing to be learnt from it.
  });
  return failed;
}

/**
 * Waits until the hub says that the server is ready: the user model decides, the progress stream gives the words.
 * A hub that is away for a while (a restart, a deploy) is asked again for `patienceMs`.
 * @returns the server's path or URL as the hub names it.
 * @throws Broken as soon as the hub has given up.
 */
export async function waitUntilReady(
  session: Session,
  options: { readonly name: string; readonly patienceMs: number },
  signal: AbortSignal,
  onNote: (text: string) => void,
): Promise<string> {
  const { name, patienceMs } = options;
  const ended = new AbortController();
  let failed: ProgressEvent | null = null;
  let wake = Promise.withResolvers<void>();
  // A proxy may hold the stream back: until it has said something, it tells nothing.
  let isTold = false;
  const onStreamEnd = () => {
    isTold = false;
    wake.resolve();
  };
  followProgress(
    session,
    session.api.serverUrl(session.user, name),
    AbortSignal.any([signal, ended.signal]),
    (event) => {
      isTold = true;
      if (event.failed) failed = event;
      else if (event.message !== '') onNote(oneLine(event.message, 120));
      if (event.failed || event.ready) wake.resolve();
    },
    // Proxies cut this stream; the user model decides.
  ).then(onStreamEnd, onStreamEnd);
  let awaySince: number | null = null;
  let wasAway = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      if (failed !== null) throw startFailed(failed, wasAway);
      const server = await modelOf(session, name, signal);
      if (server === 'gone') throw startFailed(failed ?? (await failureOf(session, name, signal)), wasAway);
      if (server instanceof Away) {
        wasAway = true;
        awaySince ??= performance.now();
        if (performance.now() - awaySince > patienceMs) throw server.cause;
      } else {
        awaySince = null;
        if (server.ready) return server.url ?? `/user/${encodeURIComponent(session.user)}/`;
      }
      const everyMs = isTold ? LOOK_EVERY_MS.told : LOOK_EVERY_MS.untold;
      await Promise.race([wake.promise, pause(everyMs, undefined, { signal })]);
      // One event wakes once, or a hub that contradicts itself would be asked without a pause.
      wake = Promise.withResolvers();
    }
  } finally {
    ended.abort();
  }
}

/** The hub did not tell; `cause` is why. */
class Away extends Error {
  override readonly name = 'Away';
}

/** A hub that hiccups while a server starts is asked again; the caller's patience ends that. */
async function modelOf(session: Session, name: string, signal: AbortSignal) {
  try {
    return (await session.api.server(session.user, name, signal)) ?? 'gone';
  } catch (error) {
    signal.throwIfAborted();
    return new Away('the hub did not say how the server is', { cause: error });
  }
}
