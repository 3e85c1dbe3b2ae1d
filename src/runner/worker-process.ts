import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { type Command, Message } from './protocol.ts';
import { RUN_VARIABLE } from './process-tree.ts';

const WORKER = fileURLToPath(new URL('../worker/main.ts', import.meta.url));
const KEPT_STDERR = 4_000;
/** MiB of a worker's youngest objects; by itself Node lets them grow to 16, of which a run makes no use. */
const YOUNG_MIB = 4;

/** A started worker: one child process that makes one run. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  send(command: Command): void;
  /** Resolves when the process has ended, with what is known of why. */
  readonly ended: Promise<WorkerEnd>;
}

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last it wrote to stderr. */
  readonly stderr: string;
}

/** Starts the worker in a session of its own, so that a terminal's Ctrl-C reaches the parent alone. */
export function startWorker(options: {
  readonly run: string;
  readonly folder: string;
  readonly nodeOptions: readonly string[];
  readonly onMessage: (message: Message) => void;
}): WorkerProcess {
  const child = fork(WORKER, [], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-semi-space-size=${YOUNG_MIB}`, ...options.nodeOptions],
    env: {
      ...environment(),
      [RUN_VARIABLE]: options.run,
      TMPDIR: options.folder,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
    },
  });
  child.on('message', (raw) => {
    const message = Message.safeParse(raw);
    // What is no message of ours is dropped: the run then ends by its other facts.
    if (message.success) options.onMessage(message.data);
  });
  return { pid: child.pid, ended: endOf(child), send: (command) => send(child, command) };
}

/** What a browser and Node's TLS need from our environment, and none of the secrets that may be in it. */
function environment(): NodeJS.ProcessEnv {
  const wanted = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS', 'PLAYWRIGHT_BROWSERS_PATH'];
  return Object.fromEntries(
    wanted.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function send(child: ChildProcess, command: Command): void {
  // A child that died already says so by `ended`; the error of the closed channel adds nothing.
  child.send(command, () => {});
}

function endOf(child: ChildProcess): Promise<WorkerEnd> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: String(error) }));
    child.once('exit', (code, signal) => resolve({ code, signal, stderr }));
  });
}
