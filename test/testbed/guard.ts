import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const Answer = z.object({ id: z.number(), ok: z.boolean(), error: z.string().optional() });
/** A service ended by itself or by a signal (then the status is negative). */
const Exited = z.object({ exited: z.string(), status: z.number() });
const STOPPED_WITHIN_MS = 30_000;

export interface ServiceStart {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: string;
}

/** The process that owns all others of a testbed: it ends them when we end, however we end. */
export class Guard {
  readonly #child: ChildProcess;
  #waiting = new Map<number, (answer: z.infer<typeof Answer>) => void>();
  #endings = new Map<string, PromiseWithResolvers<number>>();
  #next = 1;

  constructor(python: string, folder: string) {
    this.#child = spawn(python, [join(import.meta.dirname, 'guard.py'), folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // A terminal's Ctrl-C is for the starter: the guard notices that by its closed stdin.
      detached: true,
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('the guard has no stdout');
    createInterface({ input: stdout }).on('line', (line) => {
      const said: unknown = JSON.parse(line);
      const exited = Exited.safeParse(said);
      if (exited.success) return this.#ended(exited.data.exited).resolve(exited.data.status);
      const answer = Answer.parse(said);
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  start(name: string, service: ServiceStart): Promise<void> {
    this.#endings.delete(name);
    return this.#ask({ do: 'start', name, ...service });
  }

  /** Also waits for the end of the process when the signal is SIGKILL (9). */
  signal(name: string, signal: number): Promise<void> {
    return this.#ask({ do: 'signal', name, signal });
  }

  /** Resolves with a started service's exit status, negative for a signal. */
  ended(name: string): Promise<number> {
    return this.#ended(name).promise;
  }

  #ended(name: string): PromiseWithResolvers<number> {
    const known = this.#endings.get(name) ?? Promise.withResolvers<number>();
    this.#endings.set(name, known);
    return known;
  }

  /** Ends every process and removes the folder. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit', { signal: AbortSignal.timeout(STOPPED_WITHIN_MS) });
    this.#child.stdin?.end();
    await exited;
  }

  async #ask(command: object): Promise<void> {
    if (this.#child.stdin?.writable !== true) throw new Error("the testbed's guard has ended");
    const id = this.#next++;
    const answered = new Promise<z.infer<typeof Answer>>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin?.write(`${JSON.stringify({ id, ...command })}\n`);
    const answer = await answered;
    if (!answer.ok) throw new Error(`the testbed's guard: ${answer.error}`);
  }
}
