import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import { oneLine } from '../core/text.ts';
import { type KernelAnswer, executeInPage, openKernelInPage, stopKernelInPage } from './kernel-page.ts';

/** A kernel that the canary user started in the browser, reached the way JupyterLab reaches it. */
export interface Kernel {
  readonly id: string;
  /** Runs one statement to its end. @throws Broken when it raised, died or never answered. */
  execute(code: string, withinMs: number): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a kernel from a page of the user's server and opens its WebSocket.
 * @throws Broken: `kernel-missing` when no such kernelspec is there, `kernel-failed` when it could not be started.
 */
export async function startKernel(
  page: Page,
  options: { readonly serverUrl: string; readonly name: string },
): Promise<Kernel> {
  const opened = await page.evaluate(openKernelInPage, options);
  if (opened.kind === 'missing') {
    throw new Broken(
      'kernel-missing',
      `no kernel "${options.name}" here, only: ${opened.offered.join(', ') || 'none'}`,
      {
        attribution: 'image',
      },
    );
  }
  if (opened.kind === 'refused') {
    throw new Broken(
      'kernel-failed',
      `asked for a kernel, the server answered ${opened.status} ${oneLine(opened.text)}`,
    );
  }
  if (opened.kind === 'no-socket') {
    throw new Broken('kernel-failed', 'the kernel was started, but its WebSocket could not be opened');
  }
  return {
    id: opened.id,
    async execute(code, withinMs) {
      return outputOf(await page.evaluate(executeInPage, { code, withinMs }), withinMs);
    },
    async stop() {
      const { status } = await page.evaluate(stopKernelInPage, {
        serverUrl: options.serverUrl,
        id: opened.id,
      });
      if (![204, 404].includes(status)) throw new Error(`stopping the kernel was answered ${status}`);
    },
  };
}

/** What a statement printed, or why there is nothing. */
function outputOf(answer: KernelAnswer, withinMs: number): string {
  switch (answer.kind) {
    case 'done':
      return answer.output;
    case 'raised':
      throw new KernelRaised(answer.name, answer.value);
    case 'died':
      throw new Broken('kernel-died', `the kernel went ${answer.state} in the middle of a statement`);
    case 'closed':
      throw new Broken(
        'kernel-died',
        `the kernel's WebSocket was closed in the middle of a statement (${answer.code})`,
      );
    case 'late':
      throw new Broken('kernel-timeout', `the kernel did not answer within ${Math.round(withinMs / 1000)} s`);
  }
}

/** The statement raised: an answer of the kernel, to be explained by whoever asked. */
export class KernelRaised extends Error {
  override readonly name = 'KernelRaised';
  readonly exception: string;

  constructor(exception: string, value: string) {
    super(`${exception}: ${oneLine(value)}`);
    this.exception = exception;
  }
}

/** Python that lives beside this file. */
export function pythonSource(file: string): Promise<string> {
  return readFile(new URL(file, import.meta.url), 'utf8');
}
