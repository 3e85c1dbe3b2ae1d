import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 60_000;

/** The real service as a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  /** Where its log goes. */
  readonly logFile: string;
  kill(): void;
  /** Resolves with the exit status; null when it was killed. */
  readonly ended: Promise<number | null>;
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
  const child = spawn(process.execPath, [MAIN, 'serve', '--config', options.config], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const service: ServiceProcess = {
    url: options.url,
    logFile,
    ended,
    kill: () => child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      const tooLong = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
      await ended;
      clearTimeout(tooLong);
      log.end();
    },
  };
  await Promise.race([
    untilReady(options.url),
    ended.then((status) =>
      Promise.reject(new Error(`the service ended at once (${status}); its log: ${logFile}`)),
    ),
  ]);
  return service;
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
