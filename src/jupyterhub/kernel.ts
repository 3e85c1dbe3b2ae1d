import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import {
  type Answered,
  type KernelAnswer,
  type SocketEnd,
  askServerInPage,
  executeInPage,
  openSocketInPage,
  startKernelInPage,
  stopKernelInPage,
} from './kernel-page.ts';
import { kernelNotReached, kernelNotStarted, outputOf, signOf } from './kernel-verdict.ts';

/** A kernel that the canary user started in the browser, reached the way JupyterLab reaches it. */
export interface Kernel {
  readonly id: string;
  /** Runs one statement to its end. @throws Broken when it died or never answered, KernelRaised when it raised. */
  execute(code: string, withinMs: number): Promise<string>;
  stop(): Promise<void>;
}

/** How long the server may take to say how its kernel is. */
export const LOOK_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Starts a kernel from a page of the user's server and opens its WebSocket.
 * @throws Broken: `kernel-missing` when no such kernelspec is there, `kernel-failed` when it could not be started,
 * `kernel-timeout` when it does not come up, `server-unreachable` when the server or the way to it is gone.
 */
export async function startKernel(
  page: Page,
  options: { readonly serverUrl: string; readonly name: string; readonly withinMs: number },
): Promise<Kernel> {
  const { serverUrl, name, withinMs } = options;
  const started = await page.evaluate(startKernelInPage, { serverUrl, name, withinMs });
  if (started.kind !== 'started') throw kernelNotStarted(started, name);
  const { id } = started;
  const lookAtIt = (): Promise<Answered> =>
    page.evaluate(askServerInPage, { url: `${serverUrl}api/kernels/${id}`, withinMs: LOOK_WITHIN_MS });
  await reachKernel(page, { ...options, ...started }, lookAtIt);
  return {
    id,
    async execute(code, withinMs) {
      const answer = await page.evaluate(executeInPage, { code, withinMs });
      return outputOf(answer, withinMs, needsLook(answer) ? await lookAtIt() : null);
    },
    async stop() {
      const { status } = await page.evaluate(stopKernelInPage, { serverUrl, id });
      if (![204, 404].includes(status)) throw new Error(`stopping the kernel was answered ${status}`);
    },
  };
}

/** Opens the kernel's WebSocket. A kernel that ends meanwhile is not waited for, and one that is refused is looked at until it shows how it is. */
async function reachKernel(
  page: Page,
  kernel: {
    readonly serverUrl: string;
    readonly id: string;
    readonly lastActivity: string;
    readonly withinMs: number;
  },
  look: () => Promise<Answered>,
): Promise<void> {
  const { serverUrl, id, withinMs, lastActivity } = kernel;
  const startedAt = performance.now();
  const opening = page.evaluate(openSocketInPage, { serverUrl, id, withinMs });
  // Nobody listens to it any more once the kernel has shown that it is in vain.
  opening.catch(() => {});
  for (;;) {
    const end: SocketEnd | null = await Promise.race([opening, pause(LOOK_EVERY_MS, null)]);
    if (end === 'open') return;
    const seen = await look();
    const sign = signOf(seen, lastActivity);
    const isOver = performance.now() - startedAt >= withinMs;
    const isShut = end !== null && sign === 'alive';
    // A server that does not answer may only be slow: it has until the end.
    const isGone = sign === 'server-gone' && seen.kind === 'answer';
    if (isShut || isGone || isOver || sign === 'ended') throw kernelNotReached(end ?? 'late', kernel, seen);
    if (end !== null) await pause(LOOK_EVERY_MS);
  }
}

/** A silent or lost kernel alone does not say whether it, its server or the way there is at fault. */
function needsLook({ kind }: KernelAnswer): boolean {
  return kind === 'closed' || kind === 'late';
}

/** Python that lives beside this file. */
export function pythonSource(file: string): Promise<string> {
  return readFile(new URL(file, import.meta.url), 'utf8');
}
