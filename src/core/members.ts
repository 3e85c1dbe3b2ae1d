import type { Criterion } from './criterion.ts';
import { type Incident, type Member, isActive } from './incident.ts';
import type { Verdict } from './verdict.ts';

/** The members with these brought up to date; new ones come last. */
export function joined(members: readonly Member[], changed: readonly Member[]): readonly Member[] {
  const kept = members.map((member) => changed.find(({ hub }) => hub === member.hub) ?? member);
  return [...kept, ...changed.filter(({ hub }) => members.every((member) => member.hub !== hub))];
}

/** All of them well: those of which it was not known yet, from this moment on. */
export function wellFrom(members: readonly Member[], since: string): readonly Member[] {
  return members.map((member) => ({ ...member, wellSince: member.wellSince ?? since }));
}

export function isBroken({ wellSince }: Pick<Member, 'wellSince'>): boolean {
  return wellSince === null;
}

/** A hub as it joins, by its verdict: broken. */
export function memberOf({ hub, since, runs }: Verdict, at: string): Member {
  return {
    hub,
    since,
    joinedAt: at,
    firstRun: runs[0] ?? '',
    lastFailedRun: runs.at(-1) ?? '',
    wellSince: null,
  };
}

/**
 * What is declared of a hub. Also what is well for now: in an incident that goes on it takes a whole recovery to be
 * well again.
 */
export function declaredOf(hub: string, live: readonly Incident[]): readonly Criterion[] {
  return live
    .filter((incident) =>
      incident.members.some((member) => member.hub === hub && (isActive(incident) || isBroken(member))),
    )
    .map(({ criterion }) => criterion);
}
