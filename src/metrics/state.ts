import type { Alarm } from '../core/alarm.ts';
import type { Hub } from '../core/hub.ts';
import type { Incident } from '../core/incident.ts';
import type { Leftover } from '../core/leftover.ts';
import type { OutcomeKind, Run } from '../core/run.ts';
import type { SpawnBudget } from '../core/spawn-budget.ts';
import type { Verdict } from '../core/verdict.ts';

/** What the gauges read; the shapes of the store and the queue, as far as they are needed here. */
export interface StateParts {
  readonly hubs: readonly Hub[];
  readonly store: {
    verdicts(): Promise<readonly Verdict[]>;
    runs(query: { hub: string; outcome?: OutcomeKind; limit: number }): Promise<readonly Run[]>;
    activeIncidents(): Promise<readonly Incident[]>;
    leftovers(): Promise<readonly Leftover[]>;
    credentialProven(hub: string, username: string): Promise<boolean>;
    readonly outbox: { status(): Promise<{ readonly lanes: readonly Lane[] }> };
  };
  /** Names of those that are told; left out: the one that keeps the issues. */
  readonly notifiers?: readonly string[];
  readonly flights: () => readonly { readonly state: 'queued' | 'running' }[];
  /** Runs that ended and wait to be recorded. Left out: its gauge is absent. */
  readonly uncommittedRuns?: () => number;
  /** Left out: its gauge is absent. */
  readonly waitingForMemory?: () => number;
  /** Whether a hub is given no starts for a while because several failed. Left out: its gauge is absent. */
  readonly spawnBudget?: (hub: Hub) => Promise<SpawnBudget>;
  /** What keeps us from doing our work. Left out: its gauge is absent. */
  readonly alarms?: () => readonly Alarm[];
  /** Between two scheduled runs of a hub, in milliseconds. */
  readonly intervalMs: (hub: Hub) => number;
  readonly now: () => Date;
}

interface Lane {
  readonly notifier: string;
  readonly pending: number;
  readonly oldestAt: Date | null;
}

/** All that is decided and recorded, as one scrape sees it. */
export interface State {
  readonly hubs: readonly HubState[];
  readonly incidents: readonly Incident[];
  readonly leftovers: readonly Leftover[];
  /** Of every notifier that is configured or still has something to tell. */
  readonly lanes: readonly Lane[];
  readonly now: Date;
}

interface HubState {
  readonly hub: Hub;
  /** Of the criteria that it is probed for. */
  readonly verdicts: readonly Verdict[];
  readonly lastRun: Run | null;
  readonly lastPassed: Run | null;
  readonly isProven: boolean;
  readonly spawnsPaused: boolean | null;
  readonly intervalMs: number;
}

export async function readState(parts: StateParts): Promise<State> {
  const { hubs, store, intervalMs, spawnBudget, now } = parts;
  const verdicts = await store.verdicts();
  const read = async (hub: Hub): Promise<HubState> => {
    const [lastRun = null] = await store.runs({ hub: hub.name, limit: 1 });
    const lastPassed = lastRun !== null && isSuccess(lastRun) ? lastRun : await lastSuccess(store, hub.name);
    return {
      hub,
      verdicts: verdicts.filter((is) => is.hub === hub.name && hub.probes.includes(is.criterion)),
      lastRun,
      lastPassed,
      isProven: await store.credentialProven(hub.name, hub.login.username),
      spawnsPaused: spawnBudget === undefined ? null : isPaused(await spawnBudget(hub), now()),
      intervalMs: intervalMs(hub),
    };
  };
  return {
    hubs: await Promise.all(hubs.map(read)),
    incidents: await store.activeIncidents(),
    leftovers: await store.leftovers(),
    lanes: withIdle((await store.outbox.status()).lanes, parts.notifiers ?? ['github']),
    now: now(),
  };
}

/** One that left something out, because that kept failing, is none. */
function isSuccess({ outcome, leftOut }: Run): boolean {
  return outcome === 'passed' && leftOut === undefined;
}

/** Days of runs that left something out. */
const PASSED_LOOKED_AT = 500;

async function lastSuccess(store: Pick<StateParts['store'], 'runs'>, hub: string): Promise<Run | null> {
  for (const limit of [1, PASSED_LOOKED_AT]) {
    const success = (await store.runs({ hub, outcome: 'passed', limit })).find(isSuccess);
    if (success !== undefined) return success;
  }
  return null;
}

/** A lane in which nothing waits is shown with nothing. */
function withIdle(lanes: readonly Lane[], notifiers: readonly string[]): readonly Lane[] {
  const idle = notifiers.filter((name) => lanes.every(({ notifier }) => notifier !== name));
  return [...lanes, ...idle.map((notifier) => ({ notifier, pending: 0, oldestAt: null }))];
}

function isPaused({ pausedUntil }: SpawnBudget, now: Date): boolean {
  return pausedUntil !== null && pausedUntil > now.toISOString();
}
