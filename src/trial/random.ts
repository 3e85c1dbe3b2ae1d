/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  readonly next: () => number;
}

/** The small fast counter generator (sfc32), seeded by a hash of the seed's text. */
export function createRandom(seed: string): Random {
  let [a, b, c, counter] = [hash(seed, 1), hash(seed, 2), hash(seed, 3), 1];
  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  // The first numbers still show the seed.
  for (let index = 0; index < 12; index += 1) next();
  return { next };
}

/** Waiting times of what happens at random, `mean` apart. */
export function exponential({ next }: Random, mean: number): number {
  return -Math.log(1 - next()) * mean;
}

/** Durations as they are met: most near the median, a few much longer. A spread of 0 gives the median always. */
export function lognormal({ next }: Random, median: number, spread: number): number {
  if (spread === 0) return median;
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return median * Math.exp(spread * normal);
}

/** FNV-1a. */
function hash(text: string, salt: number): number {
  let value = 2_166_136_261 ^ salt;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  }
  return value | 0;
}
