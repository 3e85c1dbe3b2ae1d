import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { Config } from '../config/config.ts';
import { createSecretReader } from '../config/secret-reader.ts';
import { type Criterion, withPrerequisites } from '../core/criterion.ts';
import { type Hub, accountOf } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { Run } from '../core/run.ts';
import { type Accounts, accountKey, createAccounts } from '../monitor/accounts.ts';
import { createRedactor } from '../redact.ts';
import type { Runner } from '../runner/runner.ts';
import { EXIT, exitStatusOf } from './exit-status.ts';
import { progressFor } from './progress.ts';
import { reportOf } from './report.ts';
import { runnerFor } from './runner-for.ts';
import { printable } from './printable.ts';
import { type Terminal, paintFor } from './terminal.ts';

export interface CheckOptions {
  readonly hubs: readonly string[];
  readonly all: boolean;
  readonly probes: readonly Criterion[] | null;
  readonly deadlineMs: number | null;
  /** Null: where the configuration says. */
  readonly evidence: string | null;
  /** At most this many runs of a hub; the last one decides. */
  readonly attempts: number;
  readonly json: boolean;
}

/** A failing start must never be repeated fast: hubs give up after some failed starts in a row. */
const BETWEEN_ATTEMPTS_MS = 30_000;

/** Runs the wanted hubs now, side by side within `service.concurrency`, and says how it went. @returns the exit status. */
export async function check(
  config: Config,
  options: CheckOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const chosen = chooseHubs(config, options);
  if (typeof chosen === 'string') {
    terminal.stderr.write(`${chosen}\n`);
    return EXIT.usage;
  }
  const evidenceFolder = options.evidence ?? config.service.evidence.directory;
  const redactor = createRedactor();
  const progress = await progressFor(terminal, chosen);
  const runner = runnerFor(config, {
    evidenceFolder,
    readSecret: createSecretReader(config, terminal.env, (secret) => redactor.add(secret)),
    log(level, text, fields) {
      if (level === 'warn') progress.print(printable(redactor.redact(`${String(fields['hub'])}: ${text}`)));
    },
  });
  const accounts = createAccounts();
  signal.addEventListener('abort', () => progress.print(stoppingLine(signal)), { once: true });
  const runs = await inParallel(config.service.concurrency, chosen, (hub) =>
    attemptHub({ runner, accounts }, hub, options, progress.of(hub), signal),
  ).finally(() => progress.close());
  terminal.stdout.write(resultOf(runs, chosen, evidenceFolder, options, terminal));
  return exitStatusOf(runs.map((run) => run.outcome));
}

/** The hubs to run, or a sentence on what is wrong with the wish. */
function chooseHubs(config: Config, options: CheckOptions): readonly Hub[] | string {
  const known = config.hubs.map((hub) => hub.name);
  if (options.all) return narrowed(config.hubs, options);
  if (options.hubs.length === 0) return `name a hub or say --all; known hubs: ${known.join(', ')}`;
  const unknown = options.hubs.filter((name) => !known.includes(name));
  if (unknown.length > 0) return `unknown hub ${unknown.join(', ')}; known hubs: ${known.join(', ')}`;
  return narrowed(
    config.hubs.filter((hub) => options.hubs.includes(hub.name)),
    options,
  );
}

function narrowed(hubs: readonly Hub[], { probes, deadlineMs }: CheckOptions): readonly Hub[] {
  return hubs.map((hub) => ({
    ...hub,
    ...(probes === null ? {} : { probes: withPrerequisites(probes) }),
    ...(deadlineMs === null ? {} : { deadlineMs }),
  }));
}

async function attemptHub(
  { runner, accounts }: { readonly runner: Runner; readonly accounts: Accounts },
  hub: Hub,
  options: CheckOptions,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<Run> {
  for (let attempt = 1; ; attempt += 1) {
    const account = accountOf(hub);
    const order = { id: ulid(), hub, account, trigger: 'demand', attempt, probes: hub.probes } as const;
    // Two entries of the configuration may visit the same hub as the same user.
    const release = await accounts.take(accountKey(hub, account.username), signal);
    const run = await runner(order, signal, onEvent).finally(release);
    const again = run.outcome === 'failed' && attempt < options.attempts && !signal.aborted;
    if (!again) return run;
    await pause(BETWEEN_ATTEMPTS_MS, undefined, { signal }).catch(() => {
      // Told to stop while waiting: the next run ends as aborted and says so.
    });
  }
}

function stoppingLine({ reason }: AbortSignal): string {
  const why = reason instanceof Error ? reason.message : String(reason);
  return `${why}: cleaning up; once more to leave at once`;
}

function resultOf(
  runs: readonly Run[],
  hubs: readonly Hub[],
  evidenceFolder: string,
  options: CheckOptions,
  { stdout }: Terminal,
): string {
  if (options.json) {
    const isOne = !options.all && options.hubs.length === 1;
    return `${JSON.stringify(isOne ? runs[0] : runs, null, 2)}\n`;
  }
  const paint = paintFor(stdout);
  const reports = runs.map((run, index) => {
    const hub = hubs[index];
    return hub === undefined ? '' : reportOf(run, hub, join(evidenceFolder, run.id), paint);
  });
  return `${reports.join('\n\n')}\n`;
}

/** Maps in order with at most `limit` under way. */
async function inParallel<T, R>(
  limit: number,
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results.set(index, await map(item));
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return items.flatMap((_, index) => {
    const result = results.get(index);
    return result === undefined ? [] : [result];
  });
}
