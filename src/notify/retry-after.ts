/** Milliseconds until the other side wants to be asked again: seconds or a date, as HTTP has it; null when it does not say. */
export function retryAfterMs(header: unknown, now: Date): number | null {
  if (typeof header !== 'string' && typeof header !== 'number') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && String(header).trim() !== '') return Math.max(0, seconds * 1_000);
  const date = Date.parse(String(header));
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
