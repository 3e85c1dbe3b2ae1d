import { assess } from '../../src/core/assess.ts';
import type { Decision, OpenIncident } from '../../src/core/decision.ts';
import type { Hub } from '../../src/core/hub.ts';
import type { Effect, IncidentEvent } from '../../src/core/incident.ts';
import { replay } from '../../src/core/incident-log.ts';
import type { MaintenanceWindow } from '../../src/core/maintenance.ts';
import type { Run } from '../../src/core/run.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { situation } from './history.ts';
import { hub as aHub } from './hub.ts';

/** The store in miniature: applies decisions to a log, so that tests can tell whole stories with the pure core alone. */
export interface Books {
  readonly events: readonly IncidentEvent[];
  readonly effects: readonly Effect[];
  readonly verdicts: readonly Verdict[];
  readonly decisions: readonly Decision[];
}

export interface Circumstances {
  readonly hub?: Hub;
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly publicUrl?: string | null;
  readonly credentialProven?: boolean;
}

const EMPTY: Books = { events: [], effects: [], verdicts: [], decisions: [] };

/** All runs of a history (newest first), one after the other, each assessed when it ends. */
export function live(runs: readonly Run[], circumstances: Circumstances = {}, books: Books = EMPTY): Books {
  return runs
    .toReversed()
    .reduce(
      (before, run, index) =>
        assessed(before, runs.slice(-(index + 1)), new Date(run.finishedAt), circumstances),
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
  const openIncidents = openIn(books);
  const { verdicts, decision } = assess(
    situation(runs, {
      probes: hub.probes,
      previous: books.verdicts,
      declared: openIncidents.map(({ incident }) => incident.criterion),
      provenAccounts: circumstances.credentialProven === false ? [] : ['probe'],
      now,
    }),
    {
      hub,
      run: runs[0] ?? null,
      openIncidents,
      maintenance,
      publicUrl,
      labels: ['type: Hub Incident', 'support'],
      newId: counter(`${now.getTime()}-`),
    },
  );
  return {
    verdicts,
    events: [...books.events, ...decision.events],
    effects: [...books.effects, ...decision.effects],
    decisions: [...books.decisions, decision],
  };
}

/** Every incident's log, by replay only: what `decide` says of rows is compared with it in the tests. */
export function logs({ events }: Books): readonly OpenIncident[] {
  const ids = [...new Set(events.map(({ incident }) => incident))];
  return ids.flatMap((id) => {
    const own = events.filter(({ incident }) => incident === id);
    const incident = replay(own);
    return incident === null ? [] : [{ incident, events: own }];
  });
}

export function openIn(books: Books): readonly OpenIncident[] {
  return logs(books).filter(({ incident }) => incident.state !== 'resolved');
}

function counter(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}${(count += 1)}`;
}
