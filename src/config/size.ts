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

/** These bytes in the largest unit that takes them whole: `500MiB`. */
export function formatSize(bytes: number): string {
  const [name, unitBytes] = BYTES_PER_UNIT.find(([, size]) => bytes >= size && bytes % size === 0) ?? [
    'B',
    1,
  ];
  return `${bytes / unitBytes}${name}`;
}
