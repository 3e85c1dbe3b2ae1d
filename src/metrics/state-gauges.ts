import { Gauge, type Registry } from 'prom-client';
import type { Hub } from '../core/hub.ts';
import type { Incident } from '../core/incident.ts';
import { OWNED_KINDS, type Run } from '../core/run.ts';
import { VERDICTS, type Verdict } from '../core/verdict.ts';

/** What the gauges read; the shapes of the store and the queue, as far as they are needed here. */
export interface StateParts {
  readonly hubs: readonly Hub[];
  readonly store: {
    verdicts(): Promise<readonly Verdict[]>;
    recentRuns(hub: string, limit: number): Promise<readonly Run[]>;
    openIncidents(): Promise<readonly Incident[]>;
    credentialProven(hub: string, username: string): Promise<boolean>;
    readonly outbox: { status(): Promise<{ pending: number; oldestAt: Date | null }> };
  };
  readonly flights: () => readonly { readonly state: 'queued' | 'running' }[];
  /** Between two scheduled runs of a hub, in milliseconds. */
  readonly intervalMs: (hub: Hub) => number;
  readonly now: () => Date;
}

const LOOKED_AT = 100;
/** A verdict whose last run lies further back says nothing about now. */
const STALE_AFTER_INTERVALS = 3;

type Collect = (gauge: Gauge) => Promise<void> | void;

/** Gauges that are read from what was decided, at each scrape. */
export function addStateGauges(registry: Registry, prefix: string, parts: StateParts): void {
  const { hubs, store, flights, now } = parts;
  const add = (name: string, help: string, labelNames: readonly string[], collect: Collect) =>
    new Gauge({
      name: prefix + name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        this.reset();
        await collect(this);
      },
    });
  const seconds = (iso: string) => Date.parse(iso) / 1000;
  const lastRun = async (hub: Hub) => (await store.recentRuns(hub.name, 1))[0];
  const forEachHub = async (work: (hub: Hub) => Promise<void>) => {
    for (const hub of hubs) await work(hub);
  };

  add(
    'hub_info',
    'Always 1; what is known of a hub from the configuration.',
    ['hub', 'url', 'cluster', 'tier'],
    (gauge) => {
      for (const { name, url, cluster, tier } of hubs)
        gauge.set({ hub: name, url, cluster: cluster ?? '', tier }, 1);
    },
  );
  add(
    'criterion_up',
    "1 while users can, 0 while they can't; absent while unknown or stale.",
    ['hub', 'criterion'],
    async (gauge) => {
      const verdicts = await store.verdicts();
      await forEachHub(async (hub) => {
        if (isStale(await lastRun(hub), parts.intervalMs(hub), now())) return;
        for (const { criterion, verdict } of ofHub(verdicts, hub)) {
          if (verdict !== 'unknown') gauge.set({ hub: hub.name, criterion }, verdict === 'broken' ? 0 : 1);
        }
      });
    },
  );
  add(
    'verdict',
    '1 for the verdict that holds, 0 for the others.',
    ['hub', 'criterion', 'verdict'],
    async (gauge) => {
      const verdicts = await store.verdicts();
      for (const hub of hubs) {
        for (const holds of ofHub(verdicts, hub)) {
          const { criterion } = holds;
          for (const verdict of VERDICTS)
            gauge.set({ hub: hub.name, criterion, verdict }, verdict === holds.verdict ? 1 : 0);
        }
      }
    },
  );
  add('run_last_timestamp_seconds', 'When the last run ended.', ['hub'], (gauge) =>
    forEachHub(async (hub) => {
      const run = await lastRun(hub);
      if (run !== undefined) gauge.set({ hub: hub.name }, seconds(run.finishedAt));
    }),
  );
  add('run_last_success_timestamp_seconds', 'When the last run that passed ended.', ['hub'], (gauge) =>
    forEachHub(async (hub) => {
      const passed = (await store.recentRuns(hub.name, LOOKED_AT)).find(
        ({ outcome }) => outcome === 'passed',
      );
      if (passed !== undefined) gauge.set({ hub: hub.name }, seconds(passed.finishedAt));
    }),
  );
  add('run_interval_seconds', 'Between two scheduled runs.', ['hub'], (gauge) => {
    for (const hub of hubs) gauge.set({ hub: hub.name }, parts.intervalMs(hub) / 1000);
  });
  add(
    'step_last_seconds',
    'How long each step of the last run took.',
    ['hub', 'criterion', 'step'],
    (gauge) =>
      forEachHub(async (hub) => {
        for (const { criterion, name: step, status, seconds: took } of (await lastRun(hub))?.steps ?? []) {
          if (status === 'passed' && took !== null) gauge.set({ hub: hub.name, criterion, step }, took);
        }
      }),
  );
  add('leaked_resources', 'What the last run left behind on the hub.', ['hub', 'kind'], (gauge) =>
    forEachHub(async (hub) => {
      const left = (await lastRun(hub))?.cleanup.left ?? [];
      for (const kind of OWNED_KINDS)
        gauge.set({ hub: hub.name, kind }, left.filter((thing) => thing.kind === kind).length);
    }),
  );
  add(
    'credential_unproven',
    '1 while the account has never logged in: its refusals are no evidence.',
    ['hub'],
    (gauge) =>
      forEachHub(async ({ name, login }) => {
        gauge.set({ hub: name }, (await store.credentialProven(name, login.username)) ? 0 : 1);
      }),
  );
  add('incident_open', '1 while an incident is open.', ['hub', 'criterion', 'severity'], async (gauge) => {
    for (const { scope, criterion, severity } of await store.openIncidents()) {
      gauge.set({ hub: scope.id, criterion, severity }, 1);
    }
  });
  add('runs_in_flight', 'Runs under way.', [], (gauge) => {
    gauge.set(flights().filter(({ state }) => state === 'running').length);
  });
  add('queue_depth', 'Accepted runs that wait for a free lane.', [], (gauge) => {
    gauge.set(flights().filter(({ state }) => state === 'queued').length);
  });
  add('outbox_pending', 'Effects that are decided and not told yet.', [], async (gauge) => {
    gauge.set((await store.outbox.status()).pending);
  });
  add(
    'outbox_oldest_age_seconds',
    'Age of the oldest effect not told yet; 0 when there is none.',
    [],
    async (gauge) => {
      const { oldestAt } = await store.outbox.status();
      gauge.set(oldestAt === null ? 0 : (now().getTime() - oldestAt.getTime()) / 1000);
    },
  );
}

function ofHub(verdicts: readonly Verdict[], { name, probes }: Hub): readonly Verdict[] {
  return verdicts.filter(({ hub, criterion }) => hub === name && probes.includes(criterion));
}

function isStale(last: Run | undefined, intervalMs: number, now: Date): boolean {
  return (
    last === undefined || now.getTime() - Date.parse(last.finishedAt) > STALE_AFTER_INTERVALS * intervalMs
  );
}
