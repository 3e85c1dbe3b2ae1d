import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { createSecretReader } from '../config/secret-reader.ts';
import { buildApp } from '../http/app.ts';
import { createLogger, openLogStream } from '../log.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createAccounts } from '../monitor/accounts.ts';
import { createExecute } from '../monitor/execute.ts';
import { idsAfter } from '../monitor/ids.ts';
import { intervalMs } from '../monitor/interval.ts';
import { createJanitor } from '../monitor/janitor.ts';
import type { Log } from '../monitor/log.ts';
import { countLogins, loginLimitUntil, underLoginCeiling } from '../monitor/logins.ts';
import { createMonitor } from '../monitor/monitor.ts';
import { awaitOrphans } from '../monitor/orphans.ts';
import { startPruning } from '../monitor/pruning.ts';
import { startSchedule } from '../monitor/schedule.ts';
import { spawnBudgets } from '../monitor/spawns.ts';
import { createNotifiers } from '../notify/index.ts';
import { openQueue } from '../queue/index.ts';
import type { Queue } from '../queue/queue.ts';
import { canReach } from '../reachability.ts';
import { createRedactor } from '../redact.ts';
import { createAdmission } from '../runner/admission.ts';
import { pruneEvidence } from '../runner/evidence-retention.ts';
import { availableMemory } from '../runner/memory.ts';
import { ProcessTree } from '../runner/process-tree.ts';
import { scavenge } from '../runner/scavenge.ts';
import { openStore } from '../store/index.ts';
import { StoreError } from '../store/store.ts';
import { VERSION } from '../version.ts';
import { EXIT } from './exit-status.ts';
import { channelsOf, gitHubAuth, webhooksOf } from './notifier-secrets.ts';
import { createHealth } from './health.ts';
import { RUNS_FOLDER_PREFIX, runnerFor } from './runner-for.ts';
import { createTeller } from './teller.ts';
import { type Terminal, interruptSignal } from './terminal.ts';

/**
 * The service, from its first line to its last. What is opened is closed in reverse: schedule, runs (with their cleanup),
 * monitor, outbox, HTTP, store. @returns the exit status.
 */
export async function serve(config: Config, terminal: Terminal): Promise<number> {
  const stop = interruptSignal();
  const redactor = createRedactor();
  const logger = createLogger({ level: 'info', redactor, stream: await openLogStream(1) });
  const log: Log = (level, text, fields) => logger[level](fields, text);
  const closers = new AsyncDisposableStack();
  try {
    await start(config, terminal, { stop, redactor, logger, log, closers });
  } catch (error) {
    const known = explainStart(config, error);
    log('error', known ?? 'the service could not start', known === null ? { err: error } : {});
    await closers.disposeAsync();
    return EXIT.errored;
  }
  await new Promise<void>((done) => {
    if (stop.aborted) done();
    stop.addEventListener('abort', () => done());
  });
  log('info', 'stopping: runs in flight are ended and cleaned up', {});
  await closers.disposeAsync();
  log('info', 'stopped', {});
  return EXIT.passed;
}

interface Surroundings {
  readonly stop: AbortSignal;
  readonly redactor: ReturnType<typeof createRedactor>;
  readonly logger: ReturnType<typeof createLogger>;
  readonly log: Log;
  readonly closers: AsyncDisposableStack;
}

async function start(config: Config, terminal: Terminal, around: Surroundings): Promise<void> {
  const { log, logger, closers, redactor } = around;
  const { service, hubs, criteria, maintenance, github, notify } = config;
  const now = () => new Date();
  const readSecret = createSecretReader(config, terminal.env, (secret) => redactor.add(secret));
  const evidenceFolder = resolve(service.evidence.directory);

  await scavenge(tmpdir(), RUNS_FOLDER_PREFIX);
  const store = await openStore(service.store);
  closers.defer(() => store.close());
  const newId = idsAfter(await store.latestId(), now);

  const spawnBudget = spawnBudgets(store, hubs);
  const admission = createAdmission({
    perRunBytes: service.memoryPerRunBytes,
    available: availableMemory,
    usedBy: (run) => new ProcessTree(run).memory(),
  });
  // Metrics read from the queue, the queue runs what the monitor records, and the monitor tells the metrics.
  const metrics = createMetrics({
    hubs,
    store,
    flights: () => queue.flights(),
    notifiers: ['github', ...channelsOf(notify)],
    waitingForMemory: () => admission.waiting(),
    spawnBudget,
    uncommittedRuns: () => monitor.status().uncommittedRuns,
    alarms: () => monitor.status().alarms,
    intervalMs: ({ schedule, jitterMs }) => intervalMs(schedule) + jitterMs,
    now,
    version: VERSION,
  });
  const notifiers = createNotifiers({
    github,
    auth: () => gitHubAuth(github, readSecret),
    webhooks: webhooksOf(notify, readSecret),
    userAgent: `hubcanary/${VERSION}`,
    onRateLimit: metrics.rateLimit,
    now,
    log: (text, fields) => log('info', text, fields),
  });
  const teller = createTeller({
    store,
    // Without GitHub what is told there stays in the outbox.
    notifiers: github === null ? notifiers.slice(1) : notifiers,
    observer: metrics.observer,
    log,
    now,
    sighted: (sightings) => monitor.sighted(sightings),
  });
  const monitor = createMonitor({
    store,
    hubs,
    criteria,
    maintenance,
    publicUrl: service.publicUrl,
    labels: github?.labels ?? [],
    channels: channelsOf(notify),
    now,
    newId,
    observer: metrics.observer,
    log,
    reachable: () => canReach(service.reachability),
    wakeOutbox: () => teller.wake(),
    requestRun(request) {
      const offered = queue.offer(request);
      if (offered.kind === 'login-limit') {
        metrics.observer.runSkipped(request.hub, offered.kind);
        log('warn', `a confirming run was skipped: ${loginLimitUntil(offered.next)}`, { hub: request.hub });
      }
      return offered.kind === 'accepted';
    },
    confirmationLimits: service.confirmations,
  });
  const accounts = createAccounts();
  const logins = await countLogins(store, hubs, now);
  const runner = runnerFor(config, { evidenceFolder, readSecret, log });
  const unlimited: Queue = openQueue('in-process', {
    concurrency: service.concurrency,
    execute: createExecute({
      store,
      hubs,
      runner,
      accounts,
      logins,
      spawnBudget,
      admission,
      waited: metrics.observer.waited,
      runEnded: (run, signal) => monitor.runEnded(run, signal),
      now,
      log,
    }),
    now,
    newId,
  });
  const queue = underLoginCeiling(unlimited, { hubs, logins });
  const health = createHealth({ config, store, monitor, notifiers, log, setNotifierUp: metrics.notifierUp });
  closers.defer(() => health.stop());

  let nextRun: (hub: string) => Date | null = () => null;
  const app = await buildApp({
    hubs,
    tokens: () =>
      Promise.all(
        service.tokens.map(async ({ name, scopes, secret }) => ({
          name,
          scopes,
          sha256: createHash('sha256')
            .update(await readSecret(secret))
            .digest(),
        })),
      ),
    store,
    queue,
    nextRun: (hub) => nextRun(hub),
    alarms: () => monitor.status().alarms,
    metrics,
    health,
    evidenceFolder,
    log: logger,
    now,
    newId,
    version: VERSION,
  });
  closers.defer(() => app.close());
  await app.listen({ host: service.listen.host, port: service.listen.port });

  closers.defer(teller.start());
  const stopping = new AbortController();
  const processesOf = (run: string) => new ProcessTree(run);
  const orphans = awaitOrphans(
    await store.unfinished(),
    { hubs, accounts, processesOf, log },
    stopping.signal,
  );
  await monitor.start();
  closers.defer(() => monitor.stop());
  closers.defer(() => queue.close());
  const janitor = createJanitor({
    store,
    hubs,
    accounts,
    logins,
    admission,
    runner,
    observer: metrics.observer,
    log,
    now,
    newId,
  });
  const cleaning = janitor.run(stopping.signal);
  closers.defer(async () => {
    stopping.abort(new Error('the service stops'));
    await Promise.all([cleaning, orphans]);
  });
  const schedule = startSchedule({ hubs, queue, observer: metrics.observer, log, now, random: Math.random });
  nextRun = schedule.nextRun;
  closers.defer(() => schedule.stop());
  closers.defer(
    startPruning({
      store,
      pruneEvidence: (needed) => pruneEvidence(evidenceFolder, service.evidence, now(), needed),
      keepRunsForMs: service.runs.maxAgeMs,
      now,
      log,
    }),
  );
  const page = `http://${service.listen.host}:${service.listen.port}/`;
  log('info', `watching ${hubs.length} hub${hubs.length === 1 ? '' : 's'}; the page is at ${page}`, {
    version: VERSION,
  });
}

/** A sentence for what people can mend; null for what only we can. */
function explainStart({ service }: Config, error: unknown): string | null {
  if (error instanceof StoreError) return error.message;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { host, port } = service.listen;
  if (error.code === 'EADDRINUSE') {
    return `${host}:${port} is in use by another program: stop it, or set service.listen.port`;
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL') {
    return `cannot listen on ${host}:${port} (${error.code}): check service.listen`;
  }
  return null;
}
