/** A number from 0 up to `below`, always the same for the same key and different for most others (FNV-1a). */
export function spread(key: string, below: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return Math.floor((hash / 2 ** 32) * below);
}
