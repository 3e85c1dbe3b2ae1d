import type { EventKind, Incident, IncidentEventData } from '../core/incident.ts';
import type { Entry } from './ledger.ts';
import { msBetween } from '../core/time.ts';
import { quantile } from './statistics.ts';

/** Incidents that are about the same: the same criterion, a hub in common, at the same time. */
export interface Match {
  /** As it was declared, oldest first. */
  readonly actual: readonly Entry[];
  /** As it would have been declared, oldest first. */
  readonly trial: readonly Entry[];
}

export interface Tally {
  readonly declared: number;
  /** The same fault came back in time. */
  readonly reopened: number;
  /** From the start of the first failed run; null when nothing was declared. */
  readonly medianSecondsToDeclare: number | null;
  readonly p95SecondsToDeclare: number | null;
}

/** Puts together what was declared and what would have been, oldest first. Each incident is in exactly one match. */
export function compare(actual: readonly Entry[], trial: readonly Entry[]): readonly Match[] {
  const all = [
    ...actual.map((entry) => ({ entry, when: 'actual' as const })),
    ...trial.map((entry) => ({ entry, when: 'trial' as const })),
  ].toSorted((one, other) => (one.entry.incident.startedAt < other.entry.incident.startedAt ? -1 : 1));
  const groups: (typeof all)[] = [];
  for (const each of all) {
    const same = groups.filter((group) =>
      group.some(({ entry }) => isAboutTheSame(entry.incident, each.entry.incident)),
    );
    for (const group of same) groups.splice(groups.indexOf(group), 1);
    groups.push([...same.flat(), each]);
  }
  return groups.map((group) => ({
    actual: group.filter(({ when }) => when === 'actual').map(({ entry }) => entry),
    trial: group.filter(({ when }) => when === 'trial').map(({ entry }) => entry),
  }));
}

export function tally(entries: readonly Entry[]): Tally {
  const seconds = entries.map(({ incident }) => secondsToDeclare(incident));
  return {
    declared: entries.length,
    reopened: entries.flatMap(({ events }) => events.filter(({ kind }) => kind === 'reopened')).length,
    medianSecondsToDeclare: quantile(seconds, 0.5),
    p95SecondsToDeclare: quantile(seconds, 0.95),
  };
}

export function secondsToDeclare({ startedAt, declaredAt }: Incident): number {
  return msBetween(startedAt, declaredAt) / 1000;
}

/** When it was over; null while it is not. */
export function overAt({ resolvedAt, closedAt }: Incident): string | null {
  return resolvedAt ?? closedAt;
}

/** When it was declared, and when that was over; several times when it was reopened. */
export function stretchesOf({ incident, events }: Entry): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let begun: Omit<Stretch, 'toMs'> | null = null;
  for (const { kind, at, data } of events) {
    const atMs = Date.parse(at);
    if (kind === 'declared' || kind === 'reopened' || kind === 'reopened-by-human') {
      begun ??= { failedMs: Date.parse(firstFailure(data) ?? at), fromMs: atMs };
    } else if (begun !== null && OVER.has(kind)) {
      stretches.push({ ...begun, toMs: atMs });
      begun = null;
    }
  }
  return begun === null ? stretches : [...stretches, { ...begun, toMs: parsed(overAt(incident)) }];
}

function firstFailure({ startedAt, members = [] }: IncidentEventData): string | null {
  return startedAt ?? members.map(({ since }) => since).toSorted()[0] ?? null;
}

export interface Stretch {
  /** The first failure. */
  readonly failedMs: number;
  readonly fromMs: number;
  /** Null while it is not over. */
  readonly toMs: number | null;
}

const OVER: ReadonlySet<EventKind> = new Set([
  'resolved',
  'closed-by-human',
  'dismissed',
  'merged',
  'closed',
]);

function parsed(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}

function isAboutTheSame(one: Incident, other: Incident): boolean {
  if (one.criterion !== other.criterion) return false;
  if (!one.members.some(({ hub }) => other.members.some((member) => member.hub === hub))) return false;
  return one.startedAt <= (overAt(other) ?? '9') && other.startedAt <= (overAt(one) ?? '9');
}
