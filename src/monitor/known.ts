import type { Criteria } from '../core/criteria.ts';
import type { Hub } from '../core/hub.ts';
import type { Incident } from '../core/incident.ts';
import { type MaintenanceWindow, mutedUntil } from '../core/maintenance.ts';
import { declaredOf } from '../core/members.ts';
import type { Rhythm } from '../core/rhythm.ts';
import type { Run } from '../core/run.ts';
import { RUNS_LOOKED_AT, type Situation } from '../core/situation.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Store } from '../store/store.ts';

export interface WatchedHub extends Rhythm {
  readonly hub: Hub;
}

/** What is recorded of all hubs. */
export interface Recorded {
  readonly verdicts: readonly Verdict[];
  readonly live: readonly Incident[];
  readonly past: readonly Incident[];
}

export async function readRecorded(
  store: Pick<Store, 'verdicts' | 'liveIncidents' | 'pastIncidents'>,
): Promise<Recorded> {
  return {
    verdicts: await store.verdicts(),
    live: await store.liveIncidents(),
    past: await store.pastIncidents(),
  };
}

interface Circumstances {
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly now: Date;
}

/** Reads all that is known of a hub. `run` is one that has ended and may not be recorded yet. */
export async function readSituation(
  store: Pick<Store, 'recentRuns' | 'credentialProven'>,
  { hub, intervalMs, longestGapMs }: WatchedHub,
  run: Run | null,
  { criteria, maintenance, now, verdicts, live }: Pick<Recorded, 'verdicts' | 'live'> & Circumstances,
): Promise<Situation> {
  return {
    hub: hub.name,
    probes: hub.probes,
    runs: await recentRuns(store, hub.name, run),
    criteria,
    intervalMs,
    longestGapMs,
    provenAccounts: await provenAccountsOf(store, hub),
    declared: declaredOf(hub.name, live),
    mutedUntil: mutedUntil(hub.name, now, maintenance),
    previous: verdicts.filter((verdict) => verdict.hub === hub.name),
    now,
  };
}

async function provenAccountsOf(
  store: Pick<Store, 'credentialProven'>,
  hub: Hub,
): Promise<readonly string[]> {
  const names = [hub.login.username, ...(hub.secondAccount === null ? [] : [hub.secondAccount.username])];
  const proven = await Promise.all(names.map((name) => store.credentialProven(hub.name, name)));
  return names.filter((_, index) => proven[index]);
}

export async function recentRuns(
  store: Pick<Store, 'recentRuns'>,
  hub: string,
  run: Run | null,
): Promise<readonly Run[]> {
  const recent = await store.recentRuns(hub, RUNS_LOOKED_AT);
  return run === null || run.hub !== hub || recent.some(({ id }) => id === run.id)
    ? recent
    : [run, ...recent];
}
