import { USERS_CANNOT } from './criterion.ts';
import type { Telling } from './effect.ts';
import type { Incident } from './incident.ts';
import { type IssueContent, isAnyWatched } from './issue-content.ts';
import { counted } from './issue-hubs.ts';
import { downFor } from './issue-status.ts';
import type { News } from './news.ts';
import { scopeName } from './scope.ts';
import { oneLine } from './text.ts';
import { readableTime } from './time.ts';

type Announcement = Extract<Telling, { kind: 'announce' }>;

const TEXT_MAX = 600;

/** An event that is news, in plain words for people who do not look at the issues; null when it is none. */
export function announcementOf(news: News, content: IssueContent): Announcement | null {
  const kind = ANNOUNCED.find((each) => each === (news === 'rejoined' ? 'regressed' : news));
  if (kind === undefined) return null;
  const { incident, events, publicUrl } = content;
  const isUnknown = kind === 'resolved' && !isAnyWatched(content);
  const told = news === 'rejoined' ? 'joined' : kind;
  const because = events.findLast((event) => event.kind === told)?.because ?? '';
  return {
    kind: 'announce',
    what: kind,
    title: isUnknown ? `⚪ ${scopeName(incident.scope)}: no longer watched` : HEADLINES[kind](incident),
    text: oneLine(because, TEXT_MAX),
    fields: {
      incident: incident.id,
      scope: scopeName(incident.scope),
      criterion: incident.criterion,
      severity: incident.severity,
      state: incident.state,
      since: readableTime(incident.startedAt),
      hubs: counted(content),
      ...(incident.recoveredAt === null || isUnknown ? {} : { down: downFor(incident) ?? '' }),
      ...(incident.issue === null ? {} : { issue: incident.issue.url }),
      ...(publicUrl === null ? {} : { page: `${publicUrl}incidents/${encodeURIComponent(incident.id)}` }),
    },
  };
}

const ANNOUNCED = ['declared', 'widened', 'regressed', 'reopened', 'flapping', 'resolved'] as const;

const HEADLINES: Readonly<Record<(typeof ANNOUNCED)[number], (incident: Incident) => string>> = {
  declared: (incident) => `🔴 ${cannot(incident)}`,
  widened: (incident) => `🔴 ${cannot(incident)}`,
  regressed: (incident) => `🔴 Again: ${cannot(incident)}`,
  reopened: (incident) => `🔴 Again: ${cannot(incident)}`,
  flapping: (incident) => `🟠 On and off: ${cannot(incident)}`,
  resolved: ({ scope, criterion }) => `🟢 ${scopeName(scope)}: users can ${USERS_CANNOT[criterion]} again`,
};

function cannot({ scope, criterion }: Incident): string {
  return `${scopeName(scope)}: users can't ${USERS_CANNOT[criterion]}`;
}
