import { describe, expect, it } from 'vitest';
import { soakPiece } from '../bench/soak/piece.ts';
import { isClean } from '../bench/soak/report.ts';

/** The short version of `npm run soak`. */
describe('runs whose workers, browsers and services are killed at random', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

  it('leave nothing on the hub, the gateway or the machine', { timeout: 600_000 }, async () => {
    console.log(`SEED=${seed} repeats it`);
    const said: string[] = [];

    const piece = await soakPiece({ runs: 12, minutes: 5, seed, say: (line) => said.push(line) });

    console.log([...said, JSON.stringify(piece.left)].join('\n'));
    expect(isClean(piece)).toBe(true);
    // Else it showed nothing.
    expect(Object.values(piece.places).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
    expect(piece.settledSeconds).toBeLessThan(120);
  });
});
