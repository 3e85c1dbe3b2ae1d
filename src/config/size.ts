const BYTES_PER_UNIT = [
  ['TiB', 1024 ** 4],
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
  ['B', 1],
] as const;

/** Bytes of `1GiB`, `500MiB`, `64KiB`, `100B`; null when it is no size. */
export function parseSize(text: string): number | null {
  const match = /^(\d+)([A-Za-z]+)$/.exec(text);
  const unit = BYTES_PER_UNIT.find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined) return null;
  const bytes = Number(match[1]) * unit[1];
  return Number.isSafeInteger(bytes) ? bytes : null;
}
