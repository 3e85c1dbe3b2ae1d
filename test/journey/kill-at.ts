import { execFileSync } from 'node:child_process';
import type { RunEvent } from '../../src/core/run-event.ts';
import { readProc } from '../../src/runner/proc.ts';
import { ProcessTree } from '../../src/runner/process-tree.ts';

/** Empty when it has ended meanwhile, which helpers of a browser do all the time. */
function commandOf(pid: number): string {
  return readProc(pid, 'cmdline').replaceAll('\0', ' ');
}

export const isWorker = (pid: number) => commandOf(pid).includes('worker/main');
export const isBrowser = (pid: number) =>
  commandOf(pid).includes('--remote-debugging-pipe') && !commandOf(pid).startsWith('/bin/sh');
export const isRenderer = (pid: number) => commandOf(pid).includes('--type=renderer');

type OnEvent = (event: RunEvent, order: { readonly id: string }) => void;

/** Does something to some of a run's own processes, when a step begins. */
export function at(step: string, isVictim: (pid: number) => boolean, act: (pid: number) => void): OnEvent {
  return (event, order) => {
    if (event.kind !== 'step-started' || event.step !== step) return;
    for (const pid of new ProcessTree(order.id).pids().filter(isVictim)) act(pid);
  };
}

export function killAt(
  step: string,
  isVictim: (pid: number) => boolean,
  signal: NodeJS.Signals = 'SIGKILL',
): OnEvent {
  return at(step, isVictim, (pid) => process.kill(pid, signal));
}

/** Gives a process no more memory than it has, so that its next allocation fails. */
export function starve(pid: number): void {
  execFileSync('prlimit', ['--pid', String(pid), '--data=1']);
}
