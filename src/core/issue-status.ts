import { whatRecoveryTakes } from './because.ts';
import { USERS_CANNOT } from './criterion.ts';
import { type Incident, type IncidentState, isActive, isHeld } from './incident.ts';
import { brokeLately } from './flapping.ts';
import { type IssueContent, isAnyWatched, issueOf, tellingAt } from './issue-content.ts';
import { counted } from './issue-hubs.ts';
import { linkTo } from './links.ts';
import { sentence } from './markdown.ts';
import { msBetween, readableSpan, readableTime } from './time.ts';

/** How the incident stands, kept current by the bot. Says nothing that goes stale while nothing happens. */
export function statusBlock(content: IssueContent): string {
  const { incident, publicUrl } = content;
  const { members, assignees, recoveredAt, acknowledgedAt } = incident;
  const again = outageSince(incident);
  const rows: readonly (readonly [name: string, value: string] | null)[] = [
    ['Status', statusOf(content)],
    ['Broken since', readableTime(incident.startedAt)],
    again === incident.startedAt ? null : ['Again since', readableTime(again)],
    ['Declared', readableTime(incident.declaredAt)],
    acknowledgedAt === null
      ? null
      : ['Taken', `${readableTime(acknowledgedAt)}, by ${sentence(assignees.join(', '), 300)}`],
    members.length > 1 ? ['Hubs', counted(content)] : null,
    recoveredAt === null || !isAnyWatched(content) ? null : ['Well since', wellSince(incident, recoveredAt)],
    incident.isFlapping
      ? [
          'Flapping',
          `broken ${brokeLately(incident, content.criteria, tellingAt(content)).length} times lately`,
        ]
      : null,
    ['Severity', incident.severity],
    incident.mergedInto === null
      ? null
      : ['Goes on in', issueOf(content.others, incident.mergedInto) ?? 'another incident'],
    endsWhen(content),
    publicUrl === null ? null : ['Details', linkTo(publicUrl, 'incidents', incident.id, 'incident page')],
  ];
  const shown = rows.filter((row) => row !== null);
  return ['| | |', '|---|---|', ...shown.map(([name, value]) => `| **${name}** | ${value} |`)].join('\n');
}

/** How long users could not do it, the last time: from the first failed run to the first that passed. */
export function downFor(incident: Incident): string | null {
  const { recoveredAt } = incident;
  return recoveredAt === null ? null : readableSpan(msBetween(outageSince(incident), recoveredAt));
}

/** Start of the first failed run of the latest outage: what was reopened was well in between. */
export function outageSince({ members, brokeAt, startedAt }: Incident): string {
  const broke = brokeAt.at(-1) ?? startedAt;
  const involved = members.filter(({ wellSince }) => wellSince === null || wellSince >= broke);
  return involved.map(({ since }) => since).toSorted()[0] ?? startedAt;
}

function endsWhen({ incident, criteria }: IssueContent): readonly [string, string] | null {
  if (!isActive(incident)) return null;
  if (incident.isKeptOpen) return ['Ends when', 'a human closes this issue, as a human opened it again'];
  const each = incident.members.length > 1 ? 'on every hub ' : '';
  const steady = incident.isFlapping
    ? `, and it has been well for ${readableSpan(criteria.flapping.steadyForMs)}`
    : '';
  return [
    'Ends when',
    `${each}${whatRecoveryTakes(criteria)}${steady}; this issue is then closed${SEEN_AT_ONCE[incident.criterion] ?? ''}`,
  ];
}

/** After several failed starts the canary asks for servers rarely, so as not to bring the hub down. */
const SEEN_AT_ONCE: Readonly<Partial<Record<Incident['criterion'], string>>> = {
  server:
    '. The canary starts servers rarely once several starts have failed: ask it for a run when the hub is repaired, and that is seen at once',
};

function statusOf(content: IssueContent): string {
  const { incident } = content;
  const isOver = incident.state === 'mitigated' || (incident.state === 'resolved' && !isHeld(incident));
  return isOver && !isAnyWatched(content)
    ? `⚪ no longer watched: whether users can ${USERS_CANNOT[incident.criterion]} is not known`
    : STATUS[incident.state](incident);
}

const STATUS: Readonly<Record<IncidentState, (incident: Incident) => string>> = {
  declared: ({ criterion }) => `🔴 broken: users can't ${USERS_CANNOT[criterion]}`,
  acknowledged: ({ criterion }) => `🔴 broken: users can't ${USERS_CANNOT[criterion]}; somebody has taken it`,
  mitigated: ({ criterion }) =>
    `🟡 recovering: users can ${USERS_CANNOT[criterion]} again, but not for long enough yet`,
  resolved: (incident) =>
    isHeld(incident)
      ? '⚪ closed by a human while broken: left alone until it has been well once'
      : `🟢 resolved: users can ${USERS_CANNOT[incident.criterion]}`,
  dismissed: () => '⚪ dismissed by a human: left alone until it has been well once',
  closed: () => '🟢 closed',
  merged: () => '⚪ part of another incident',
};

function wellSince(incident: Incident, recoveredAt: string): string {
  return `${readableTime(recoveredAt)}, after ${downFor(incident) ?? 'an unknown time'}`;
}
