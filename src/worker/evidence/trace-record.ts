/** One line of a trace. */
export type TraceRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is TraceRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
