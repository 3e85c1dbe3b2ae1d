import type { Member } from './incident.ts';

/** The members with these brought up to date; new ones come last. */
export function joined(members: readonly Member[], changed: readonly Member[]): readonly Member[] {
  const kept = members.map((member) => changed.find(({ hub }) => hub === member.hub) ?? member);
  return [...kept, ...changed.filter(({ hub }) => members.every((member) => member.hub !== hub))];
}

/** All of them well: those of which it was not known yet, from this moment on. */
export function wellFrom(members: readonly Member[], since: string): readonly Member[] {
  return members.map((member) => ({ ...member, wellSince: member.wellSince ?? since }));
}

export function isBroken({ wellSince }: Member): boolean {
  return wellSince === null;
}
