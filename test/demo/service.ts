import { constants } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Guard } from '../testbed/guard.ts';
import { venvFolder } from '../testbed/environments.ts';

const MAIN = fileURLToPath(new URL('../../bin/hubcanary.js', import.meta.url));
const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 60_000;

/** The real service as a process of its own, which ends when we end, however we end. */
export interface ServiceProcess {
  readonly url: string;
  /** Where its log goes. */
  readonly logFile: string;
  kill(): Promise<void>;
  /** Resolves with the exit status; negative when a signal ended it. */
  readonly ended: Promise<number>;
  /** Asks it to stop and waits until it has; kills it when that takes too long. */
  stop(): Promise<void>;
}

export async function startService(options: {
  readonly config: string;
  readonly url: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<ServiceProcess> {
  const logFile = join(options.folder, 'service.log');
  const guard = new Guard(join(venvFolder(), 'bin', 'python'), await mkdtemp(join(tmpdir(), 'guard-')));
  await guard.start('service', {
    argv: [process.execPath, MAIN, 'serve', '--config', options.config],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...options.env },
    cwd: process.cwd(),
    log: logFile,
  });
  const ended = guard.ended('service');
  const service: ServiceProcess = {
    url: options.url,
    logFile,
    ended,
    async kill() {
      await guard.signal('service', constants.signals.SIGKILL);
      await guard.stop();
    },
    async stop() {
      // Asking a service that has ended already is no fault.
      await guard.signal('service', constants.signals.SIGTERM).catch(() => {});
      await Promise.race([ended, pause(STOPPED_WITHIN_MS, undefined, { ref: false })]);
      await guard.stop();
    },
  };
  try {
    await Promise.race([
      untilReady(options.url),
      ended.then((status) =>
        Promise.reject(new Error(`the service ended at once (${status}); its log: ${logFile}`)),
      ),
    ]);
    return service;
  } catch (error) {
    await guard.stop();
    throw error;
  }
}

async function untilReady(url: string): Promise<void> {
  const signal = AbortSignal.timeout(READY_WITHIN_MS);
  for (;;) {
    const answer = await fetch(`${url}livez`, { signal }).catch(() => null);
    if (answer?.ok) return;
    signal.throwIfAborted();
    await pause(100);
  }
}
