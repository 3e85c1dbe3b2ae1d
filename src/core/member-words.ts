import type { Member } from './incident.ts';
import type { Verdict } from './verdict.ts';

/** So many hubs are named in a sentence; the table has them all. */
const NAMED = 5;

/** `a, b and 3 more`. */
export function listed(members: readonly Pick<Member, 'hub'>[]): string {
  const names = members.map(({ hub }) => hub);
  if (names.length <= NAMED) return names.join(', ');
  return `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
}

/** Since when a hub is well, by its verdict. */
export function memberSince(verdict: Verdict | null): string | null {
  return verdict !== null && (verdict.verdict === 'healthy' || verdict.verdict === 'recovering')
    ? verdict.since
    : null;
}
