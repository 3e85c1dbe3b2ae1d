import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Hub } from '../../src/core/hub.ts';
import type { Run } from '../../src/core/run.ts';
import { type Monitor, type MonitorParts, createMonitor } from '../../src/monitor/monitor.ts';
import type { RunRequest } from '../../src/queue/queue.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { CRITERIA_IN_TESTS } from '../core/history.ts';
import { hub } from '../core/hub.ts';

/** Until the test tells it to stop, nothing does. */
export const GO_ON = new AbortController().signal;

/** A monitor over a real store, with a clock that the test sets and ears that note what was told. */
export interface World {
  readonly monitor: Monitor;
  readonly store: Store;
  /** The store's file. */
  readonly path: string;
  readonly told: Told;
  /** Sets the clock to the end of each run and hands it in; oldest first. */
  readonly live: (runs: readonly Run[]) => Promise<void>;
  readonly setClock: (iso: string) => void;
  /** As if the process had been killed: the store is closed and opened again, nothing else survives. */
  readonly restart: () => Promise<World>;
  readonly close: () => Promise<void>;
}

export interface Told {
  readonly lines: { readonly level: string; readonly text: string }[];
  readonly requests: RunRequest[];
  readonly declared: string[];
  readonly finished: string[];
  readonly verdicts: string[];
  storeErrors: number;
  wakes: number;
}

export interface Wishes {
  readonly hubs?: readonly Hub[];
  readonly parts?: Partial<MonitorParts>;
  /** Puts something between monitor and store. */
  readonly through?: (store: Store) => Store;
}

let ids = 0;

export async function openWorld(wishes: Wishes = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-test-'));
  const world = await worldIn(folder, wishes);
  onTestFinished(() => world.close());
  return world;
}

async function worldIn(folder: string, wishes: Wishes): Promise<World> {
  const path = join(folder, 'store.db');
  const store = await openStore({ kind: 'sqlite', path });
  const told: Told = {
    lines: [],
    requests: [],
    declared: [],
    finished: [],
    verdicts: [],
    storeErrors: 0,
    wakes: 0,
  };
  let clock = new Date('2026-03-01T10:00:00Z');
  const monitor = createMonitor({
    store: wishes.through?.(store) ?? store,
    hubs: wishes.hubs ?? [hub()],
    criteria: CRITERIA_IN_TESTS,
    maintenance: [],
    publicUrl: null,
    labels: ['support'],
    channels: [],
    reachable: async () => null,
    now: () => clock,
    newId: () => `ID${String((ids += 1)).padStart(9, '0')}`,
    observer: observerFor(told),
    log: (level, text) => told.lines.push({ level, text }),
    wakeOutbox: () => (told.wakes += 1),
    requestRun: (request) => told.requests.push(request) > 0,
    confirmationLimits: { atOnce: 99, atOncePerCluster: 99, spreadMs: 0 },
    retryAfterMs: () => 1,
    ...wishes.parts,
  });
  let open = true;
  async function end(): Promise<void> {
    if (!open) return;
    open = false;
    monitor.stop();
    await store.close();
  }
  return {
    monitor,
    store,
    path,
    told,
    setClock: (iso) => void (clock = new Date(iso)),
    async live(runs) {
      for (const run of runs) {
        clock = new Date(run.finishedAt);
        await monitor.runEnded(run, GO_ON);
      }
    },
    async restart() {
      await end();
      const next = await worldIn(folder, wishes);
      next.setClock(clock.toISOString());
      onTestFinished(() => next.close());
      await next.monitor.start();
      return next;
    },
    async close() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function observerFor(told: Told): MonitorParts['observer'] {
  return {
    runFinished: (run) => told.finished.push(run.id),
    runSkipped() {},
    scheduleLag() {},
    verdicts: (verdicts) => told.verdicts.push(verdicts.map(({ verdict }) => verdict).join(' ')),
    declared: (incident) => told.declared.push(incident.id),
    issueVisible() {},
    delivery() {},
    duplicate() {},
    cleanedUp() {},
    storeError: () => void (told.storeErrors += 1),
  };
}
