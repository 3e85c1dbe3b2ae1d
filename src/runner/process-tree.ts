import { setTimeout as pause } from 'node:timers/promises';
import { killProcess, livingProcesses, proportionalSetSize, readProc, residentSetSize } from './proc.ts';

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
    return total(this.pids(), proportionalSetSize);
  }

  /** Bytes in use where that is more than the limit; null where it is not, which mostly shows without counting what is shared. */
  memoryAbove(limit: number): number | null {
    const pids = this.pids();
    if (total(pids, residentSetSize) <= limit) return null;
    const used = total(pids, proportionalSetSize);
    return used > limit ? used : null;
  }

  /** Kills all until none is left. @throws when they do not die. */
  async kill(): Promise<void> {
    const giveUpAt = performance.now() + GONE_WITHIN_MS;
    for (;;) {
      const alive = this.pids();
      if (alive.length === 0) return;
      if (performance.now() > giveUpAt) throw new Error(`processes do not die: ${alive.join(', ')}`);
      for (const pid of alive) killProcess(pid);
      await pause(20);
    }
  }
}

function total(pids: readonly number[], size: (pid: number) => number): number {
  return pids.reduce((sum, pid) => sum + size(pid), 0);
}

function environmentOf(pid: number): string {
  return `${readProc(pid, 'environ')}\0`;
}
