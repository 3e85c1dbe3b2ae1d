import { randomInt } from 'node:crypto';

/** A statement whose answer nobody can know beforehand, so that a canned or cached one is found out. */
export function productInPython(): { readonly code: string; readonly expected: string } {
  const [a, b] = [randomInt(1_000, 1_000_000), randomInt(1_000, 1_000_000)];
  return { code: `print(${a} * ${b})`, expected: String(a * b) };
}

export function randomNumbers(count: number): readonly number[] {
  return Array.from({ length: count }, () => randomInt(0, 1_000_000));
}
