import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Browser, type Page } from 'playwright';
import type { Owned } from '../core/run.ts';
import { oneLine } from '../core/text.ts';
import { createRedactor } from '../redact.ts';
import { hideTellingPairs } from '../telling-pairs.ts';
import { askGateway } from '../jupyterhub/ask.ts';
import { clustersReport } from '../jupyterhub/gateway-api.ts';
import { describeProblem, lookAtCertificate } from '../jupyterhub/certificate.ts';
import { PageWatch } from '../jupyterhub/page-watch.ts';
import { type Assignment, type Command, type Ending, type Message, secretsIn } from '../runner/protocol.ts';
import { Belongings } from './belongings.ts';
import { OwnFault } from '../core/own-fault.ts';
import { firstLine, launchBrowser } from './browser.ts';
import { EvidenceKeeper } from './evidence/keeper.ts';
import { Aborted, DeadlineOver, explain } from './explain.ts';
import { travel } from './journey.ts';
import { redactMessage } from './redact-message.ts';
import { settleBlame, watchCrashes } from './own-side.ts';
import { trustHub } from './trust.ts';

/**
 * The child process of one run: owns the browser, reports to its parent, ends with it.
 * Composition root: nothing imports this file.
 */

const CLOSE_BROWSER_WITHIN_MS = 5_000;
const ALIVE_EVERY_MS = 1_000;

const stop = new AbortController();
const redactor = createRedactor();
/** Whether we can ask the hub without the browser. */
let keyInHand = false;

let sent: Promise<unknown> = Promise.resolve();
/** Hears every report from the moment there is one. */
let evidence: EvidenceKeeper | null = null;

function report(message: Message): void {
  const safe = redactMessage(message, (text) => hideTellingPairs(redactor.redact(text)));
  evidence?.hear(safe);
  if (!process.connected) return;
  // A message still in the pipe would be lost with this process: the last one is waited for.
  sent = new Promise((resolve) => process.send?.(safe, undefined, {}, resolve));
}

async function runAssignment(assignment: Assignment): Promise<void> {
  redactor.add(assignment.credential.password);
  const keeper = new EvidenceKeeper(assignment, redactor, report);
  evidence = keeper;
  const deadline = setTimeout(
    () =>
      stop.abort(new DeadlineOver(`the run's own deadline (${assignment.hub.deadlineMs / 1000} s) is over`)),
    assignment.hub.deadlineMs,
  );
  const belongings = new Belongings();
  let browser: Browser | null = null;
  let crashes: Awaited<ReturnType<typeof watchCrashes>> | null = null;
  let ended: Ending | null = null;
  const end = async (ending: Ending) => {
    ended = await settleBlame(ending, assignment, crashes?.how() ?? null);
    report({ kind: 'ended', ending: ended });
  };
  try {
    browser = await launchBrowser(assignment.browser, await trustHub(assignment.hub));
    // Without this a step would wait for a dead browser until its limit, and the hub would be blamed.
    browser.on('disconnected', () => stop.abort(new OwnFault('browser-crashed', 'the browser died')));
    crashes = await watchCrashes(browser);
    const page = await newPage(browser, keeper);
    page.on('crash', () => stop.abort(new OwnFault('browser-crashed', 'the page crashed')));
    const watch = new PageWatch(page, (version) => report({ kind: 'hub-version', version }));
    await end(await visitHub(assignment, page, watch, belongings, keeper));
  } catch (error) {
    await end(explain(error, { criterion: null, step: null }));
  } finally {
    clearTimeout(deadline);
    report({ kind: 'cleaning-up' });
    const removal = {
      withinMs: assignment.hub.cleanupTimeoutMs,
      onRemoved: (thing: Owned) => report({ kind: 'removed', thing }),
    };
    // With a key all the rest is removed over the hub's API, and an open page could only ask for the server again.
    await belongings.removeThroughPage(removal);
    if (keyInHand && browser !== null) await closeBrowser(browser);
    await removeBelongings(belongings, removal);
    if (browser !== null) await closeBrowser(browser);
    if (isFailure(ended)) await keeper.keepLog();
  }
}

/** Whether there is something to be shown. */
function isFailure(ending: Ending | null): boolean {
  return ending?.outcome === 'failed' || ending?.outcome === 'errored';
}

async function newPage(browser: Browser, keeper: EvidenceKeeper): Promise<Page> {
  const context = await browser.newContext({
    locale: 'en-US',
    acceptDownloads: false,
    serviceWorkers: 'block',
  });
  context.setDefaultTimeout(0);
  await keeper.watch(context, (secret) => redactor.add(secret));
  return context.newPage();
}

async function visitHub(
  assignment: Assignment,
  page: Page,
  watch: PageWatch,
  belongings: Belongings,
  keeper: EvidenceKeeper,
): Promise<Ending> {
  const onReport = (message: Message) => {
    if (message.kind === 'custody') {
      keyInHand = true;
      for (const secret of secretsIn(message.custody)) redactor.add(secret);
      const { token } = message.custody;
      if (token !== null) keeper.askGatewayWith(() => clustersReport(askGateway(token), assignment.hub.url));
    }
    report(message);
  };
  const ending = await travel(assignment, {
    page,
    watch,
    belongings,
    signal: stop.signal,
    report: onReport,
    gatewaySaid: (words) => keeper.gatewaySaid(words),
    log: (text, fields) =>
      report({ kind: 'log', level: 'info', text: `${text} ${JSON.stringify(fields ?? {})}` }),
  });
  await keeper.settle();
  if (isFailure(ending)) await keeper.collect(page, watch);
  return withCertificate(ending, assignment.hub.url);
}

/** A certificate that the browser does not accept is described: its words name neither date nor issuer. */
async function withCertificate(ending: Ending, url: string): Promise<Ending> {
  const { failure } = ending;
  if (failure?.reason !== 'hub-unreachable' || !failure.message.includes('ERR_CERT_')) return ending;
  const seen = await lookAtCertificate(url);
  const problem = seen === null ? '' : describeProblem(seen, new URL(url).hostname, new Date());
  return problem === ''
    ? ending
    : { ...ending, failure: { ...failure, message: `${failure.message}: ${problem}` } };
}

type Removal = Parameters<Belongings['removeAll']>[0];

async function removeBelongings(belongings: Belongings, removal: Removal): Promise<void> {
  const left = await belongings.removeAll(removal);
  for (const { thing, error } of left) {
    const why = oneLine(firstLine(error));
    report({ kind: 'left', thing, why });
    report({ kind: 'log', level: 'warn', text: `could not remove ${thing.kind} ${thing.id}: ${why}` });
  }
}

/** Closing may hang; the parent kills the whole tree anyway. */
async function closeBrowser(browser: Browser): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_BROWSER_WITHIN_MS).unref());
  await Promise.race([browser.close().catch(() => {}), late]);
}

/** What the parent would have done. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // Fails while another orphan still uses its sibling.
  await rmdir(dirname(folder)).catch(() => {});
}

/** The parent kills a worker that it hears nothing of: one whose event loop is blocked can't end by itself. */
setInterval(() => report({ kind: 'alive' }), ALIVE_EVERY_MS).unref();
/** What may be said of an error of our own; an error of the redactor itself may speak of nothing but secrets. */
function wordsOf(error: unknown): string {
  try {
    return redactor.redact(firstLine(error));
  } catch {
    return 'an error of which nothing can be said: it may hold a secret';
  }
}

/** The parent is gone: nobody reads, nobody cleans after us, so we stop, clean up and leave. */
function onOrphaned(): void {
  stop.abort(new Aborted('the service that asked for the run is gone'));
}

process.on('disconnect', onOrphaned);
process.on('uncaughtException', (error) => {
  process.stderr.write(`${wordsOf(error)}\n`);
  process.exit(1);
});
process.on('message', (command: Command) => {
  if (command.kind === 'abort') return stop.abort(new Aborted(command.because));
  runAssignment(command.assignment).then(
    async () => {
      await sent;
      if (!process.connected) await removeFolder(command.assignment.folder);
      process.exit(0);
    },
    (error: unknown) => {
      process.stderr.write(`${wordsOf(error)}\n`);
      process.exit(1);
    },
  );
});
// A terminal's Ctrl-C reaches the whole group: the parent decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
