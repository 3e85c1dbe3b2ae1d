import { readFileSync, readdirSync } from 'node:fs';

/** What Linux tells of processes in /proc. */

export interface LivingProcess {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** Every process of the machine but the dead ones that nobody has asked after, and this one. */
export function livingProcesses(): LivingProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      const stat = readProc(entry, 'stat');
      // The second field, the command's name, may hold spaces and brackets: the rest starts behind its last bracket.
      const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (session === undefined || state === 'Z' || Number(entry) === process.pid) return [];
      return [{ pid: Number(entry), parent: Number(parent), session: Number(session) }];
    });
}

/** Bytes in use, of which pages that processes share count by their share; 0 for one that has ended. */
export function proportionalSetSize(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024;
}

/** Bytes in use, of which pages that processes share count in full for each; 0 for one that has ended. Much cheaper to ask for. */
export function residentSetSize(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024;
}

/**
 * A file of a process; empty when it has ended meanwhile, or is somebody else's. Read as UTF-8, for which alone Node needs
 * no buffer of 64 KiB for every small file; what counts is ASCII.
 */
export function readProc(pid: number | string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the look and the kill.
  }
}
