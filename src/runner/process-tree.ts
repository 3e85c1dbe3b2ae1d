import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Every process of a run inherits its id in this variable, whoever its parent is later. */
export const RUN_VARIABLE = 'HUBCANARY_RUN';

const GONE_WITHIN_MS = 5_000;

/**
 * The living processes of one run. Worker and browser each lead a session of their own and carry the run's mark in their
 * environment; Chromium's zygotes and renderers write over theirs but stay in the browser's session. Linux only: reads /proc.
 */
export class ProcessTree {
  readonly #mark: string;
  /** Sessions seen so far: a browser that dies before its children takes the mark with it. */
  readonly #sessions = new Set<number>();

  constructor(run: string) {
    this.#mark = `${RUN_VARIABLE}=${run}\0`;
  }

  pids(): number[] {
    const all = livingProcesses();
    for (const { pid, session } of all) {
      if (environmentOf(pid).includes(this.#mark)) this.#sessions.add(session);
    }
    return all.filter(({ session }) => this.#sessions.has(session)).map(({ pid }) => pid);
  }

  /** Bytes in use: proportional set size, so that shared pages count once. */
  memory(): number {
    return this.pids().reduce((sum, pid) => sum + proportionalSetSize(pid), 0);
  }

  /** Kills all until none is left. @throws when they do not die. */
  async kill(): Promise<void> {
    const giveUpAt = performance.now() + GONE_WITHIN_MS;
    for (;;) {
      const alive = this.pids();
      if (alive.length === 0) return;
      if (performance.now() > giveUpAt) throw new Error(`processes do not die: ${alive.join(', ')}`);
      for (const pid of alive) kill(pid);
      await pause(20);
    }
  }
}

interface LivingProcess {
  readonly pid: number;
  readonly session: number;
}

function livingProcesses(): LivingProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const stat = read(`/proc/${entry}/stat`);
      // The second field, the command's name, may hold spaces and brackets: the rest starts behind its last bracket.
      const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (session === undefined || state === 'Z' || Number(entry) === process.pid) return [];
      return [{ pid: Number(entry), session: Number(session) }];
    });
}

function environmentOf(pid: number): string {
  return `${read(`/proc/${pid}/environ`)}\0`;
}

function proportionalSetSize(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // Ended meanwhile, or somebody else's: not of this run either way.
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the look and the kill.
  }
}
