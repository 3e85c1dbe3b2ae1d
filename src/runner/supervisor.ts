import { mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbeReason } from '../core/reason.ts';
import type { RunEvent } from '../core/run-event.ts';
import { messageOf, oneLine, readableMs } from '../core/text.ts';
import { createRedactor } from '../redact.ts';
import { type Ledger, emptyLedger, enter, enterLeft, enterRemoved, recordOf } from './ledger.ts';
import { memoryKills } from './memory.ts';
import { ProcessTree } from './process-tree.ts';
import { type Assignment, type Custody, type Ending, type Message, secretsIn } from './protocol.ts';
import type { RunOrder, Runner } from './runner.ts';
import { type WorkerEnd, startWorker } from './worker-process.ts';

export interface SupervisorSettings {
  /** Parent of the runs' temporary folders. */
  readonly runsFolder: string;
  /** Parent of the runs' evidence folders. */
  readonly evidenceFolder: string;
  readonly browser: Assignment['browser'];
  readonly reachability: readonly string[];
  readonly memoryPerRunBytes: number;
  /** A worker that is not heard of for so long is killed. */
  readonly silentForMs?: number;
  /** Options of the worker's Node, such as a limit of its heap. */
  readonly nodeOptions?: readonly string[];
  /** @throws with a sentence for people when a secret is not there. */
  readonly credentialFor: (account: RunOrder['account']) => Promise<Assignment['credential']>;
  readonly now: () => Date;
  readonly log: (level: 'info' | 'warn', text: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** What a worker may take beyond its run's deadline and its cleanup's, for evidence and for closing the browser, before it is killed. */
const EVIDENCE_WITHIN_MS = 45_000;
const LOOK_EVERY_MS = 2_000;
/** A healthy worker says something every second; one on a machine with too much to do may pause. */
const SILENT_FOR_MS = 60_000;

/** Why the supervisor itself ended a run, when it did. */
interface Killed {
  readonly reason: ProbeReason;
  readonly message: string;
}

export function createSupervisor(settings: SupervisorSettings): Runner {
  return async (order, signal, onEvent) => {
    const startedAt = settings.now();
    const started = performance.now();
    onEvent({ kind: 'started', run: order.id, hub: order.hub.name, at: startedAt.toISOString() });
    let cleaningSince: number | null = null;
    const hear = (event: RunEvent) => {
      if (event.kind === 'cleaning-up') cleaningSince ??= performance.now();
      onEvent(event);
    };
    const { ledger, ending } = await supervise(order, settings, signal, hear).catch((error: unknown) => ({
      ledger: emptyLedger,
      ending: errored(
        isFull(error) ? 'disk-full' : 'internal',
        `the run could not be made: ${oneLine(String(error))}`,
      ),
    }));
    const elapsedMs = performance.now() - started;
    // The clock on the wall may have been set meanwhile.
    const finishedAt = new Date(startedAt.getTime() + elapsedMs);
    const durationSeconds = elapsedMs / 1000;
    const cleanupSeconds = cleaningSince === null ? null : (started + elapsedMs - cleaningSince) / 1000;
    const run = recordOf({ order, ledger, ending, startedAt, finishedAt, durationSeconds, cleanupSeconds });
    onEvent({ kind: 'finished', run });
    return run;
  };
}

async function supervise(
  order: RunOrder,
  settings: SupervisorSettings,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): Promise<{ ledger: Ledger; ending: Ending }> {
  if (signal.aborted) return { ledger: emptyLedger, ending: aborted(signal) };
  let credential: Assignment['credential'];
  try {
    credential = await settings.credentialFor(order.account);
  } catch (error) {
    return { ledger: emptyLedger, ending: errored('credential-missing', oneLine(messageOf(error), 500)) };
  }
  await mkdir(settings.runsFolder, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(settings.runsFolder, 'run-'));
  try {
    return await runWorker(order, settings, { credential, folder, signal, onEvent });
  } finally {
    // What was found out is not lost for it; the next start of the service removes the folder.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch((error: unknown) => {
      settings.log('warn', `could not remove ${folder}: ${messageOf(error)}`, { run: order.id });
    });
    // Fails while other runs are under way; the last one takes it away.
    await rmdir(settings.runsFolder).catch(() => {});
  }
}

async function runWorker(
  order: RunOrder,
  settings: SupervisorSettings,
  context: {
    credential: Assignment['credential'];
    folder: string;
    signal: AbortSignal;
    onEvent: (event: RunEvent) => void;
  },
): Promise<{ ledger: Ledger; ending: Ending }> {
  const { folder, signal, onEvent } = context;
  const log = (level: 'info' | 'warn', text: string) =>
    settings.log(level, text, { run: order.id, hub: order.hub.name });
  let ledger = emptyLedger;
  let custody: Custody | null = null;
  let killed: Killed | null = null;
  let heardAt = performance.now();
  const tree = new ProcessTree(order.id);
  const killsBefore = memoryKills();
  // The worker redacts what it says; what it wrote as it died is redacted here.
  const redactor = createRedactor();
  redactor.add(context.credential.password);

  const worker = startWorker({
    run: order.id,
    folder,
    nodeOptions: settings.nodeOptions ?? [],
    onMessage(message) {
      heardAt = performance.now();
      ledger = enter(ledger, message);
      if (message.kind === 'custody') {
        custody = message.custody;
        for (const secret of secretsIn(message.custody)) redactor.add(secret);
      }
      if (message.kind === 'log') log(message.level, message.text);
      const event = eventOf(message);
      if (event !== null) onEvent(event);
    },
  });
  const end = (why: Killed) => {
    killed ??= why;
    tree.kill().catch((error: unknown) => log('warn', messageOf(error)));
  };
  const abort = () => worker.send({ kind: 'abort', because: messageOf(signal.reason) });
  const lastMoment = setTimeout(
    () => end({ reason: 'deadline', message: 'the worker did not end in time and was killed' }),
    order.hub.deadlineMs + order.hub.cleanupTimeoutMs + EVIDENCE_WITHIN_MS,
  );
  const watch = setInterval(() => {
    const used = tree.memoryAbove(settings.memoryPerRunBytes);
    if (used !== null) end(outOfMemory(used, settings.memoryPerRunBytes));
    const silentForMs = settings.silentForMs ?? SILENT_FOR_MS;
    if (performance.now() - heardAt > silentForMs) end(silent(silentForMs));
  }, LOOK_EVERY_MS);
  signal.addEventListener('abort', abort, { once: true });
  try {
    worker.send({ kind: 'start', assignment: assignmentOf(order, settings, context) });
    const workerEnd = await worker.ended;
    await tree.kill().catch((error: unknown) => log('warn', messageOf(error)));
    ledger = await cleanUp(ledger, order, custody, onEvent);
    return {
      ledger,
      ending: withMemoryKills(
        killedEnding(killed, ledger) ??
          ledger.ending ??
          diedEnding(workerEnd, ledger, signal, redactor.redact),
        memoryKills() - killsBefore,
      ),
    };
  } finally {
    clearTimeout(lastMoment);
    clearInterval(watch);
    signal.removeEventListener('abort', abort);
  }
}

function assignmentOf(
  order: RunOrder,
  settings: SupervisorSettings,
  context: { credential: Assignment['credential']; folder: string },
): Assignment {
  return {
    id: order.id,
    hub: order.hub,
    probes: order.probes,
    sweep: order.sweep ?? null,
    askIfRestarted: order.askIfRestarted === true,
    credential: context.credential,
    browser: settings.browser,
    folder: context.folder,
    evidenceFolder: join(settings.evidenceFolder, order.id),
    trace: order.trigger === 'confirm',
    reachability: settings.reachability,
  };
}

/** What the worker could not remove, the parent removes, as long as it holds the key. */
async function cleanUp(
  ledger: Ledger,
  order: RunOrder,
  custody: Custody | null,
  onEvent: (event: RunEvent) => void,
): Promise<Ledger> {
  if (ledger.owned.length === 0 || custody === null) return ledger;
  onEvent({ kind: 'cleaning-up' });
  // Hardly ever wanted, and its way to ask a hub takes memory for as long as this process lives.
  const { removeLeftovers } = await import('./cleanup.ts');
  const removals = await removeLeftovers(order.hub, custody, ledger.owned);
  return removals.reduce(
    (known, { thing, failedWith }) =>
      failedWith === null ? enterRemoved(known, thing) : enterLeft(known, thing, oneLine(failedWith)),
    ledger,
  );
}

function eventOf(message: Message): RunEvent | null {
  switch (message.kind) {
    case 'hub-version':
      return { kind: 'hub-version', version: message.version };
    case 'step-started':
      return { kind: 'step-started', criterion: message.criterion, step: message.step };
    case 'note':
      return { kind: 'note', criterion: message.criterion, step: message.step, text: message.text };
    case 'step-finished':
      return { kind: 'step-finished', step: message.step };
    case 'cleaning-up':
      return { kind: 'cleaning-up' };
    default:
      return null;
  }
}

/** A verdict that the worker had already given stands; what was killed afterwards was only its cleanup. */
function killedEnding(killed: Killed | null, ledger: Ledger): Ending | null {
  if (killed === null || ledger.ending !== null) return null;
  return errored(killed.reason, killed.message, ledger);
}

/** The kernel kills a renderer or the worker without a word to either: only its own count tells. */
function withMemoryKills(ending: Ending, kills: number): Ending {
  const { failure } = ending;
  if (kills === 0 || failure === null || !['browser-crashed', 'internal'].includes(failure.reason))
    return ending;
  const message = `the kernel killed a process of ours for want of memory: ${failure.message}`;
  return { ...ending, failure: { ...failure, reason: 'out-of-memory', message } };
}

function diedEnding(
  end: WorkerEnd,
  ledger: Ledger,
  signal: AbortSignal,
  redact: (text: string) => string,
): Ending {
  if (signal.aborted) return aborted(signal);
  const how = end.signal === null ? `with status ${end.code}` : `by ${end.signal}`;
  const last = oneLine(redact(end.stderr).trim().split('\n')[0] ?? '');
  return errored(
    /heap out of memory/.test(end.stderr) ? 'out-of-memory' : 'internal',
    `the worker process ended ${how} in the middle of the run${last === '' ? '' : `: ${last}`}`,
    ledger,
  );
}

function errored(reason: ProbeReason, message: string, ledger: Ledger = emptyLedger): Ending {
  const { criterion = null, step = null } = ledger.running ?? {};
  return { outcome: 'errored', failure: { criterion, step, reason, attribution: 'probe', message } };
}

function aborted(signal: AbortSignal): Ending {
  const message = messageOf(signal.reason);
  return {
    outcome: 'aborted',
    failure: { criterion: null, step: null, reason: 'aborted', attribution: 'probe', message },
  };
}

function outOfMemory(used: number, limit: number): Killed {
  return {
    reason: 'out-of-memory',
    message: `the run used ${mebibytes(used)} of the ${mebibytes(limit)} it may have and was killed`,
  };
}

function silent(forMs: number): Killed {
  const message = `the worker process did nothing more for ${readableMs(forMs)} and was killed`;
  return { reason: 'internal', message };
}

/** No room, no more quota, or a file system that went read-only. */
function isFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EROFS'].includes(String(error.code))
  );
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
