/** Foreign text on one line and at most `max` characters, for use inside a sentence. */
export function oneLine(text: string, max = 200): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `2.3 s`, `12 s`, `4 min 5 s`: durations as people read them. */
export function readableSeconds(seconds: number): string {
  if (seconds < 120) return `${seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** The same of milliseconds, in which limits are kept. */
export function readableMs(ms: number): string {
  return readableSeconds(ms / 1000);
}
