import { assess } from '../../src/core/assess.ts';
import type { Effect } from '../../src/core/effect.ts';
import { type FleetDecision, decideFleet } from '../../src/core/fleet.ts';
import type { Hub } from '../../src/core/hub.ts';
import { type Incident, type IncidentEvent, isActive, isLive } from '../../src/core/incident.ts';
import { replay } from '../../src/core/incident-log.ts';
import { type MaintenanceWindow, mutedUntil } from '../../src/core/maintenance.ts';
import { isBroken } from '../../src/core/members.ts';
import type { Run } from '../../src/core/run.ts';
import { tell } from '../../src/core/tell.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { CRITERIA_IN_TESTS, situation } from './history.ts';
import { hub as aHub } from './hub.ts';

/** The store in miniature: applies decisions to a log, so that tests can tell whole stories with the pure core alone. */
export interface Books {
  readonly events: readonly IncidentEvent[];
  readonly effects: readonly Effect[];
  readonly verdicts: readonly Verdict[];
  readonly decisions: readonly FleetDecision[];
}

export interface Circumstances {
  readonly hub?: Hub;
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly publicUrl?: string | null;
  readonly credentialProven?: boolean;
}

export interface LoggedIncident {
  readonly incident: Incident;
  /** Oldest first. */
  readonly events: readonly IncidentEvent[];
}

const EMPTY: Books = { events: [], effects: [], verdicts: [], decisions: [] };

/** All runs of a history (newest first), one after the other, each assessed when it ends; `earlier` were before. */
export function live(
  runs: readonly Run[],
  circumstances: Circumstances = {},
  books: Books = EMPTY,
  earlier: readonly Run[] = [],
): Books {
  return runs
    .toReversed()
    .reduce(
      (before, run, index) =>
        assessed(before, [...runs.slice(-(index + 1)), ...earlier], new Date(run.finishedAt), circumstances),
      books,
    );
}

/** One assessment, with or without a new run on top. */
export function assessed(
  books: Books,
  runs: readonly Run[],
  now: Date,
  circumstances: Circumstances = {},
): Books {
  const { hub = aHub(), maintenance = [], publicUrl = 'https://canary.example.org/' } = circumstances;
  const known = logs(books).filter(({ incident }) => isLive(incident));
  const { verdicts } = assess(
    situation(runs, {
      probes: hub.probes,
      previous: books.verdicts,
      declared: known
        .filter(({ incident }) => isActive(incident) || incident.members.some(isBroken))
        .map(({ incident }) => incident.criterion),
      mutedUntil: mutedUntil(hub.name, now, maintenance),
      provenAccounts: circumstances.credentialProven === false ? [] : ['probe'],
      now,
    }),
  );
  const shared = {
    hubs: [hub],
    criteria: CRITERIA_IN_TESTS,
    now,
    newId: counter(`${now.getTime()}-`),
  };
  const decision = decideFleet({
    ...shared,
    verdictsBefore: books.verdicts,
    verdicts,
    live: known.map(({ incident }) => incident),
    past: logs(books).flatMap(({ incident }) => (incident.state === 'closed' ? [incident] : [])),
    maintenance,
    reachable: null,
  });
  const effects = decision.changes.flatMap((change) =>
    tell(change, {
      ...shared,
      publicUrl,
      labels: ['type: Hub Incident', 'support'],
      channels: [],
      others: known.map(({ incident }) => incident),
      log: books.events.filter(({ incident }) => incident === change.incident.id),
      runs,
    }),
  );
  return {
    verdicts,
    events: [...books.events, ...decision.changes.flatMap(({ added }) => added)],
    effects: [...books.effects, ...effects],
    decisions: [...books.decisions, decision],
  };
}

/** Every incident's log, by replay only: what deciding says of rows is compared with it in the tests. */
export function logs({ events }: Books): readonly LoggedIncident[] {
  const ids = [...new Set(events.map(({ incident }) => incident))];
  return ids.flatMap((id) => {
    const own = events.filter(({ incident }) => incident === id);
    const incident = replay(own);
    return incident === null ? [] : [{ incident, events: own }];
  });
}

export function openIn(books: Books): readonly LoggedIncident[] {
  return logs(books).filter(({ incident }) => isActive(incident));
}

function counter(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}${(count += 1)}`;
}
