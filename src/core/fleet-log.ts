import type { Change } from './change.ts';
import { USERS_CANNOT } from './criterion.ts';
import type { FleetInput } from './fleet.ts';
import { type Incident, isActive } from './incident.ts';
import { mutedBy } from './maintenance.ts';
import { scopeName } from './scope.ts';
import { readableTime } from './time.ts';
import type { Verdict } from './verdict.ts';

/** Every verdict that turned, with its because. */
export function turns(input: FleetInput): readonly string[] {
  const before = new Map(input.verdictsBefore.map((verdict) => [keyOf(verdict), verdict.verdict]));
  return input.verdicts.flatMap((verdict) => turn(input, verdict, before.get(keyOf(verdict)) ?? 'unknown'));
}

function turn({ now, maintenance, live }: FleetInput, verdict: Verdict, before: string): readonly string[] {
  if (before === verdict.verdict) return [];
  const { hub, criterion } = verdict;
  const sentence = `${hub}, ${criterion}: ${before} → ${verdict.verdict}, because ${verdict.because}`;
  if (verdict.verdict !== 'broken') return [sentence];
  const window = mutedBy(hub, now, maintenance);
  if (window === null || live.some((incident) => isAbout(incident, verdict))) return [sentence];
  return [
    sentence,
    `${hub} is under maintenance (${window.reason}): nothing is declared until ${readableTime(window.to)}`,
  ];
}

/** An event as the log says it. */
export function told({ id, scope, criterion }: Incident, { kind, because }: Change['added'][number]): string {
  return `incident ${id}, users of ${scopeName(scope)} can't ${USERS_CANNOT[criterion]}: ${kind}, because ${because}`;
}

function isAbout(incident: Incident, { hub, criterion }: Verdict): boolean {
  return (
    isActive(incident) &&
    incident.criterion === criterion &&
    incident.members.some((member) => member.hub === hub)
  );
}

function keyOf({ hub, criterion }: Verdict): string {
  return `${hub} ${criterion}`;
}
