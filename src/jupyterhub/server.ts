import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { answerOf, withoutQuery } from './who-answered.ts';
import type { DocumentAnswer, PageWatch } from './page-watch.ts';
import type { Kernel } from './kernel.ts';

/** A started single-user server that the browser has arrived at. */
export interface RunningServer {
  /** Absolute URL, ends with a slash. */
  readonly url: string;
  readonly kernel: Kernel;
}

/** The pending page sends its user on by itself; this is how long it may take before we go there on our own. */
const SENT_ON_WITHIN_MS = 5_000;

/** Follows the user to the started server and waits until its interface (Lab, or a notebook UI) has come up. */
export async function openInterface(
  page: Page,
  watch: PageWatch,
  options: { readonly url: string; readonly mark: number; readonly signal: AbortSignal },
): Promise<void> {
  const { url, mark, signal } = options;
  const isHere = (address: string) => address.startsWith(url);
  const sentOn = AbortSignal.any([signal, AbortSignal.timeout(SENT_ON_WITHIN_MS)]);
  const arrived = (settled: Parameters<typeof answerOf>[0]) =>
    settled.kind === 'failure' ? isHere(settled.failure.url) : leadsToServer(settled.answer, isHere);
  let settled = await watch.settle(mark, sentOn, arrived).catch(() => null);
  if (settled === null) {
    signal.throwIfAborted();
    void page.goto(url, { waitUntil: 'commit' }).catch(() => {
      // What came of it is in the watch.
    });
    settled = await watch.settle(mark, signal, arrived);
  }
  expectServer(answerOf(settled));
  await page.waitForFunction(interfaceIsUp, undefined, { polling: 50, timeout: 0 });
}

/** The server itself, or the hub's word that there is none (`/hub/user/…`). */
function leadsToServer(answer: DocumentAnswer, isHere: (address: string) => boolean): boolean {
  return isHere(answer.url) || new URL(answer.url).pathname.includes('/hub/user/');
}

function expectServer(answer: DocumentAnswer): void {
  if (answer.status < 400) return;
  const where = withoutQuery(answer.url);
  const onHub = where.includes('/hub/user/');
  if (onHub && answer.status === 500) {
    throw new Broken(
      'redirect-loop',
      `hub and proxy sent the browser in circles until the hub gave up at ${where}`,
    );
  }
  if (onHub && answer.status === 424) {
    throw new Broken('server-error', `the hub says that the server it had just started is not running (424)`);
  }
  if (answer.hubVersion === null && [404, 502, 503, 504].includes(answer.status)) {
    throw new Broken('server-unreachable', `started, but the proxy answered ${answer.status} at ${where}`);
  }
  throw new Broken('server-error', `the started server answered ${answer.status} at ${where}`);
}

/** Runs in the page. Lab takes its splash away when it is ready; notebook 7 has an app element, the classic notebook a list. */
function interfaceIsUp(): boolean {
  if (document.querySelector('.jp-NotebookApp, #notebook_list') !== null) return true;
  return (
    document.querySelector('#main.jp-LabShell') !== null &&
    document.querySelector('#jupyterlab-splash') === null
  );
}
