import type { Criteria } from '../core/criteria.ts';
import type { OpenIncident } from '../core/decision.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { Situation } from '../core/situation.ts';
import type { Store } from '../store/store.ts';

/** More than a day of a ten-minute schedule, confirmations included. */
const RUNS_LOOKED_AT = 200;

export type Readable = Pick<
  Store,
  'recentRuns' | 'verdicts' | 'openIncidents' | 'incidentEvents' | 'credentialProven'
>;

/** A hub and how far apart its scheduled runs are. */
export interface WatchedHub {
  readonly hub: Hub;
  readonly intervalMs: number;
}

export interface Known {
  readonly situation: Situation;
  readonly openIncidents: readonly OpenIncident[];
}

/** Reads all that is known of a hub. `run` is one that has ended and may not be recorded yet. */
export async function readKnown(
  store: Readable,
  { hub, intervalMs }: WatchedHub,
  run: Run | null,
  { criteria, now }: { readonly criteria: Criteria; readonly now: Date },
): Promise<Known> {
  const runs = withNewest(await store.recentRuns(hub.name, RUNS_LOOKED_AT), run);
  const openIncidents = await openIncidentsOf(store, hub);
  const situation = {
    hub: hub.name,
    probes: hub.probes,
    runs,
    criteria,
    intervalMs,
    provenAccounts: await provenAccountsOf(store, hub),
    declared: openIncidents.map(({ incident }) => incident.criterion),
    previous: (await store.verdicts()).filter((verdict) => verdict.hub === hub.name),
    now,
  };
  return { situation, openIncidents };
}

async function provenAccountsOf(store: Readable, hub: Hub): Promise<readonly string[]> {
  const names = [hub.login.username, ...(hub.secondAccount === null ? [] : [hub.secondAccount.username])];
  const proven = await Promise.all(names.map((name) => store.credentialProven(hub.name, name)));
  return names.filter((_, index) => proven[index]);
}

function withNewest(recent: readonly Run[], run: Run | null): readonly Run[] {
  return run === null || recent.some(({ id }) => id === run.id) ? recent : [run, ...recent];
}

async function openIncidentsOf(store: Readable, hub: Hub): Promise<readonly OpenIncident[]> {
  const open = (await store.openIncidents()).filter(({ scope }) => scope.id === hub.name);
  return Promise.all(
    open.map(async (incident) => ({ incident, events: await store.incidentEvents(incident.id) })),
  );
}
