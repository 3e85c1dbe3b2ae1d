import { type Change, extend } from './change.ts';
import type { Criteria } from './criteria.ts';
import type { Incident } from './incident.ts';
import { msBetween, readableSpan } from './time.ts';

/** When it broke lately. */
export function brokeLately(
  { brokeAt }: Incident,
  { flapping }: Pick<Criteria, 'flapping'>,
  at: string,
): readonly string[] {
  return brokeAt.filter((broke) => msBetween(broke, at) <= flapping.withinMs);
}

/** Says so, once, when an incident has broken too often lately. */
export function flagFlapping(change: Change, { flapping }: Criteria, at: string): Change {
  const { incident } = change;
  if (incident.isFlapping) return change;
  const lately = brokeLately(incident, { flapping }, at);
  if (lately.length < flapping.cycles) return change;
  const because = `it broke ${lately.length} times within ${readableSpan(flapping.withinMs)}; it stays open until it has been well for ${readableSpan(flapping.steadyForMs)}`;
  return extend(change, { kind: 'flapping', at, because, data: {} });
}

/** Whether what comes and goes has been well for long enough to be believed. */
export function isSteady({ recoveredAt }: Incident, { flapping }: Criteria, at: string): boolean {
  return recoveredAt !== null && msBetween(recoveredAt, at) >= flapping.steadyForMs;
}
