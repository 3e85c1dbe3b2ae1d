import { whatRecoveryTakes } from './because.ts';
import { USERS_CANNOT } from './criterion.ts';
import type { Incident, IncidentState } from './incident.ts';
import type { IssueContent } from './issue-content.ts';
import { linkTo } from './links.ts';
import { msBetween, readableSpan, readableTime } from './time.ts';

/** How the incident stands, kept current by the bot. Says nothing that goes stale while nothing happens. */
export function statusBlock({ incident, criteria, publicUrl }: IssueContent): string {
  const rows = [
    ['Status', STATUS[incident.state](incident)],
    ['Broken since', readableTime(incident.startedAt)],
    ['Declared', readableTime(incident.declaredAt)],
    ...(incident.recoveredAt === null ? [] : [['Well since', wellSince(incident, incident.recoveredAt)]]),
    ['Severity', incident.severity],
    ...(incident.state === 'resolved'
      ? []
      : [['Ends when', `${whatRecoveryTakes(criteria)}; this issue is then closed`]]),
    ...(publicUrl === null
      ? []
      : [['Details', linkTo(publicUrl, 'incidents', incident.id, 'incident page')]]),
  ];
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| **${name}** | ${value} |`)].join('\n');
}

/** How long users could not do it: from the first failed run to the first that passed. */
export function downFor({ startedAt, recoveredAt }: Incident): string | null {
  return recoveredAt === null ? null : readableSpan(msBetween(startedAt, recoveredAt));
}

const STATUS: Readonly<Record<IncidentState, (incident: Incident) => string>> = {
  declared: ({ criterion }) => `🔴 broken: users can't ${USERS_CANNOT[criterion]}`,
  acknowledged: ({ criterion }) => `🔴 broken: users can't ${USERS_CANNOT[criterion]}; somebody is at it`,
  mitigated: ({ criterion }) =>
    `🟡 recovering: users can ${USERS_CANNOT[criterion]} again, but not for long enough yet`,
  resolved: ({ criterion }) => `🟢 resolved: users can ${USERS_CANNOT[criterion]}`,
  dismissed: () => '⚪ dismissed: closed as not planned',
  closed: () => '🟢 closed',
  merged: () => '⚪ merged into another incident',
};

function wellSince(incident: Incident, recoveredAt: string): string {
  return `${readableTime(recoveredAt)}, after ${downFor(incident) ?? 'an unknown time'}`;
}
