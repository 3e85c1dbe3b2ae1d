/** Numbers from 0 to 1; the same seed gives the same ones. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    // mulberry32: unlike a plain congruential generator it is fair to all its bits.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
