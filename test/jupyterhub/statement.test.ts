import { describe, expect, it } from 'vitest';
import { saidIn } from '../../src/jupyterhub/dask.ts';
import type { Kernel } from '../../src/jupyterhub/kernel.ts';
import { KernelRaised } from '../../src/jupyterhub/kernel-verdict.ts';
import { answerIn, computeProduct } from '../../src/jupyterhub/statement.ts';

describe('the answer in what a notebook printed', () => {
  it.each([
    ['alone', '\n@@HUBCANARY@@42\n', '42'],
    ['in the midst of other words', 'a warning, no end\n@@HUBCANARY@@42\nmore of it\n', '42'],
    ['missing: all of it is shown', '41\n', '41'],
    ['cut', '\n@@HUBCANARY@@4x', '@@HUBCANARY@@4x'],
    ['nothing at all', '', ''],
  ])('%s', (_, output, answer) => {
    expect(answerIn(output)).toBe(answer);
  });

  it.each([
    ['alone', '\n@@HUBCANARY@@{"ok": true}\n', { ok: true }],
    ['the last of several', '@@HUBCANARY@@{"a": 1}\nnoise\n@@HUBCANARY@@{"b": 2}\n', { b: 2 }],
    ['cut', '@@HUBCANARY@@{"ok": tr', null],
    ['missing', 'noise', null],
  ])('of a stage: %s', (_, output, said) => {
    expect(saidIn(output)).toEqual(said);
  });
});

describe('a product', () => {
  const kernel = (execute: (code: string) => Promise<string>): Kernel => ({
    id: 'k',
    execute,
    stop: async () => {},
  });
  const factorsOf = (code: string) => {
    const [, a, b] = /hubcanary_product\((\d+), (\d+)\)$/.exec(code) ?? [];
    return Number(a) * Number(b);
  };

  it('that is right passes, whatever stands around it', async () => {
    const right = kernel(async (code) => `noise \n@@HUBCANARY@@${factorsOf(code)}\n42\n`);

    await expect(computeProduct(right, 1)).resolves.toBeUndefined();
  });

  it.each([
    ['off by one', async (code: string) => `\n@@HUBCANARY@@${factorsOf(code) + 1}\n`],
    ['right, but not where an answer stands', async (code: string) => `the answer: ${factorsOf(code)}!`],
    ['nothing', async () => ''],
  ])('that is %s is a wrong result', async (_, execute) => {
    await expect(computeProduct(kernel(execute), 1)).rejects.toMatchObject({ reason: 'wrong-result' });
  });

  it('that raises is a wrong result and no fault of ours', async () => {
    const raising = kernel(() => Promise.reject(new KernelRaised('NameError', 'print')));

    await expect(computeProduct(raising, 1)).rejects.toMatchObject({
      reason: 'wrong-result',
      message: expect.stringMatching(/raised NameError: print/),
    });
  });
});
