const MS_PER_UNIT = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Milliseconds of `90s`, `12m`, `24h`, `14d`, `1h30m`, `500ms`; null when it is no duration. */
export function parseDuration(text: string): number | null {
  const match = DURATION.exec(text);
  if (match === null || text === '') return null;
  const ms = MS_PER_UNIT.reduce((sum, [, unitMs], index) => sum + Number(match[index + 1] ?? 0) * unitMs, 0);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** The shortest text that `parseDuration` reads as these milliseconds: `1h30m`, `0s`. */
export function formatDuration(ms: number): string {
  let restMs = ms;
  let text = '';
  for (const [unit, unitMs] of MS_PER_UNIT) {
    const amount = Math.floor(restMs / unitMs);
    if (amount > 0) text += `${amount}${unit}`;
    restMs -= amount * unitMs;
  }
  return text === '' ? '0s' : text;
}
