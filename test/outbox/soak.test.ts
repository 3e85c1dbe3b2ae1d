import { describe, expect, it } from 'vitest';
import { isClean } from './soak/count.ts';
import { soak } from './soak/soak.ts';

/** The short version of `npm run soak:incidents`. */
describe('declaring while everything fails at random', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

  it('misses nothing and doubles nothing, and keeps the order', { timeout: 900_000 }, async () => {
    console.log(`SEED=${seed} repeats it`);

    const result = await soak({ seed, declarations: 60 });

    console.log(JSON.stringify(result));
    expect(isClean(result.count)).toBe(true);
    expect(result.count.declared).toBe(60);
    expect(result.ignoredWaits).toBe(0);
    // Else it showed nothing.
    expect(result.crashes).toBeGreaterThan(0);
    expect(result.faultKinds).toBeGreaterThan(5);
  });

  it(
    'would be noticed: without the look before repeating, and without the sweep, the count is not clean',
    { timeout: 900_000 },
    async () => {
      const { count } = await soak({ seed: 3, declarations: 60, looksBeforeItRepeats: false, sweeps: false });

      expect(count.lastingDuplicates + count.doubledComments).toBeGreaterThan(0);
      expect(isClean(count)).toBe(false);
    },
  );
});
