import { randomInt } from 'node:crypto';
import { Broken } from '../core/broken.ts';
import { oneLine } from '../core/text.ts';
import { type Kernel, pythonSource } from './kernel.ts';
import { KernelRaised } from './kernel-verdict.ts';

/** Behind it stands an answer; nothing else that was printed counts. */
export const MARKER = '@@HUBCANARY@@';

/**
 * Has the kernel compute something that nobody can know beforehand, so that a canned or cached answer is found out.
 * @throws Broken `wrong-result` when it answers anything else, by raising too.
 */
export async function computeProduct(kernel: Kernel, withinMs: number): Promise<void> {
  const [a, b] = [randomInt(1_000, 1_000_000), randomInt(1_000, 1_000_000)];
  const source = await pythonSource('kernel_canary.py');
  const output = await kernel
    .execute(`${source}\nhubcanary_product(${a}, ${b})`, withinMs)
    .catch((error: unknown) => {
      if (!(error instanceof KernelRaised)) throw error;
      const message = `the kernel was asked for ${a} * ${b} and raised ${error.message}`;
      throw new Broken('wrong-result', message, { cause: error });
    });
  const answer = answerIn(output);
  if (answer !== String(a * b)) {
    const message = `the kernel was asked for ${a} * ${b} and answered "${oneLine(answer)}", not ${a * b}`;
    throw new Broken('wrong-result', message);
  }
}

/** The number behind the marker; all that was printed where there is none, to be shown. */
export function answerIn(output: string): string {
  return new RegExp(`^${MARKER}(-?\\d+)$`, 'm').exec(output)?.[1] ?? output.trim();
}

export function randomNumbers(count: number): readonly number[] {
  return Array.from({ length: count }, () => randomInt(0, 1_000_000));
}
