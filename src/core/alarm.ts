import { evidenceFor } from './evidence.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';
import type { Suspicion } from './suspicion.ts';
import { msBetween, readableSpan, readableTime } from './time.ts';

/**
 * no-runs: nothing was run · no-evidence: runs told nothing of the hub · self-check: nearly all fails, and the fault is
 * ours · no-decision: what was seen is recorded, and nothing could be decided on it.
 */
export const ALARM_KINDS = ['no-runs', 'no-evidence', 'self-check', 'no-decision'] as const;

/** Whether an alarm of this kind is about one hub, about none in particular, or may be either. */
export const ALARMS_ARE_ABOUT: Readonly<Record<Alarm['kind'], 'a hub' | 'all' | 'either'>> = {
  'no-runs': 'a hub',
  'no-evidence': 'a hub',
  'self-check': 'all',
  'no-decision': 'either',
};

/** We can't do our work: no fault of a hub, and nothing that an incident would be declared for. */
export interface Alarm {
  readonly kind: (typeof ALARM_KINDS)[number];
  /** Null: all of them. */
  readonly hub: string | null;
  /** One sentence for the log and the page. */
  readonly because: string;
}

/** So many runs in a row that tell nothing are no coincidence. */
const RUNS_IN_A_ROW = 3;
/** A hub that was not looked at for so many intervals is not watched. */
const INTERVALS = 3;

/** What keeps us from knowing how a hub is. @param watchedSince when this service began to look; ISO 8601 UTC */
export function alarmsOf(situation: Situation, watchedSince: string): readonly Alarm[] {
  const alarm = noRuns(situation, watchedSince) ?? noEvidence(situation);
  return alarm === null ? [] : [alarm];
}

/** The alarm of a suspicion that fell on ourselves. */
export function alarmOfSuspicion({ whose, because }: Suspicion): readonly Alarm[] {
  return whose === 'ours' ? [{ kind: 'self-check', hub: null, because }] : [];
}

/** @param hub null: on none of them @param why what judging or deciding failed with */
export function noDecision(hub: string | null, why: unknown): Alarm {
  const message = why instanceof Error ? why.message : String(why);
  const whom = hub === null ? 'on any hub' : `on ${hub}`;
  return {
    kind: 'no-decision',
    hub,
    because: `runs are recorded, but nothing can be decided ${whom}: ${message}`,
  };
}

function noRuns({ hub, runs, intervalMs, now }: Situation, watchedSince: string): Alarm | null {
  const last = runs[0]?.finishedAt ?? null;
  // What ended in the future was seen before the clock was set back.
  const isLater = last !== null && last > watchedSince && last <= now.toISOString();
  const since = isLater ? last : watchedSince;
  const silentMs = msBetween(since, now.toISOString());
  if (silentMs <= INTERVALS * intervalMs) return null;
  const lately = last === null ? 'there never was one' : `the last one ended at ${readableTime(last)}`;
  return {
    kind: 'no-runs',
    hub,
    because: `no run of ${hub} has ended for ${readableSpan(silentMs)}: ${lately}`,
  };
}

function noEvidence({ hub, runs, provenAccounts, probes }: Situation): Alarm | null {
  const [first] = probes;
  if (first === undefined) return null;
  const telling = new Set(evidenceFor(first, runs, provenAccounts).map(({ run }) => run.id));
  const end = runs.findIndex(({ id }) => telling.has(id));
  const silent = end === -1 ? runs : runs.slice(0, end);
  if (silent.length < RUNS_IN_A_ROW) return null;
  return {
    kind: 'no-evidence',
    hub,
    because: `the last ${silent.length} runs of ${hub} told nothing of it (${reasonsOf(silent)})`,
  };
}

function reasonsOf(runs: readonly Run[]): string {
  return [...new Set(runs.map(({ failure, outcome }) => failure?.reason ?? outcome))].join(', ');
}
