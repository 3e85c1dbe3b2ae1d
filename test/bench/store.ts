import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { ulid } from 'ulid';
import type { Run } from '../../src/core/run.ts';
import { openStore } from '../../src/store/index.ts';
import type { Commit } from '../../src/store/store.ts';
import { aFailedRun, aRun } from '../build/run.ts';

/**
 * What the store costs: commits one after the other, and questions to a store of many runs, against bare
 * better-sqlite3 that writes and reads the same rows with the same promises to the disk. Arguments: commits (default
 * 2000) and runs in the large store (default 100000).
 */
const commits = Number(process.argv[2] ?? 2_000);
const many = Number(process.argv[3] ?? 100_000);
const hubs = 100;
/** The store promises to answer within this, so that nobody who waits for the event loop notices. */
const goalMs = 50;

/** A run as a hub with all three probes leaves it: about 2 kB. */
function typicalRun(number: number): Run {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + number * 6_000).toISOString();
  const steps = Array.from({ length: 14 }, (_, step) => ({
    criterion: 'server' as const,
    name: `step ${step} that a user takes`,
    status: 'passed' as const,
    seconds: 0.25,
    note: 'Started container notebook',
  }));
  const changes = { id: ulid(Date.parse(startedAt)), hub: `hub-${number % hubs}`, startedAt, steps };
  return number % 500 === 7 ? aFailedRun('server', 'spawn-failed', changes) : aRun(changes);
}

function commitOf(run: Run): Commit {
  const verdicts = (['login', 'server', 'dask'] as const).map((criterion) => ({
    hub: run.hub,
    criterion,
    verdict: 'healthy' as const,
    since: run.startedAt,
    runs: [run.id],
    because: 'users can: 1 run passed',
    toldAt: null,
    triedAt: null,
    failure: null,
  }));
  const proven = { hub: run.hub, username: 'canary' };
  return { run, verdicts, incidents: [], events: [], effects: [], proven };
}

interface Contestant {
  readonly name: string;
  commit(commit: Commit): unknown;
  recentRuns(hub: string): unknown;
  failedRuns(): unknown;
  close(): unknown;
}

async function hubcanary(path: string): Promise<Contestant> {
  const store = await openStore({ kind: 'sqlite', path });
  return {
    name: 'hubcanary',
    commit: (commit) => store.commit(commit),
    recentRuns: (hub) => store.recentRuns(hub, 100),
    failedRuns: () => store.runs({ criterion: 'server', limit: 100 }),
    close: () => store.close(),
  };
}

/** The least that has to be done: prepared statements, one transaction per commit, no checks of what is read. */
function bare(path: string): Contestant {
  const database = new SQLite(path);
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  const insertRun = database.prepare(
    'INSERT INTO run (id, hub, outcome, failed_criteria, started_at, record) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const upsertVerdict = database.prepare(
    'INSERT INTO verdict VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET record = excluded.record',
  );
  const insertProven = database.prepare('INSERT INTO proven_credential VALUES (?, ?) ON CONFLICT DO NOTHING');
  const recent = database.prepare('SELECT record FROM run WHERE hub = ? ORDER BY id DESC LIMIT 100').pluck();
  const failed = database
    .prepare(
      `SELECT record FROM run WHERE failed_criteria <> '' AND failed_criteria LIKE '%,server,%' ORDER BY id DESC LIMIT 100`,
    )
    .pluck();
  return {
    name: 'bare better-sqlite3',
    commit: database.transaction(({ run, verdicts, proven }: Commit) => {
      if (run === null || proven === null) return;
      const criteria = run.outcome === 'failed' ? ',server,' : '';
      insertRun.run(run.id, run.hub, run.outcome, criteria, run.startedAt, JSON.stringify(run));
      for (const each of verdicts) upsertVerdict.run(each.hub, each.criterion, JSON.stringify(each));
      insertProven.run(proven.hub, proven.username);
    }),
    recentRuns: (hub) => parsed(recent.all(hub)),
    failedRuns: () => parsed(failed.all()),
    close: () => database.close(),
  };
}

function parsed(records: readonly unknown[]): unknown {
  return records.map((record) => JSON.parse(String(record)));
}

/** Milliseconds that each of the calls took, sorted. */
async function timed(count: number, call: (number: number) => unknown): Promise<readonly number[]> {
  const took: number[] = [];
  for (let number = 0; number < count; number += 1) {
    const startedAt = performance.now();
    await call(number);
    took.push(performance.now() - startedAt);
  }
  return took.toSorted((a, b) => a - b);
}

function row(took: readonly number[]): Readonly<Record<string, string>> {
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? NaN;
  const perSecond = (1_000 * took.length) / took.reduce((sum, ms) => sum + ms, 0);
  return {
    'per second': perSecond.toFixed(0),
    'p50 ms': at(0.5).toFixed(2),
    'p99 ms': at(0.99).toFixed(2),
    'max ms': at(1).toFixed(2),
  };
}

/** Fills without a disk flush per run, which the contestants are not compared by. */
function fill(path: string): void {
  const database = new SQLite(path);
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  const insert = database.prepare('INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)');
  database.transaction(() => {
    for (let number = 0; number < many; number += 1) {
      const run = typicalRun(number);
      const criteria = run.outcome === 'failed' ? ',server,' : '';
      insert.run(run.id, run.hub, run.outcome, criteria, run.startedAt, JSON.stringify(run));
    }
  })();
  database.close();
}

const folder = await mkdtemp(join(tmpdir(), 'bench-store-'));
const path = join(folder, 'store.db');
const table: Record<string, Readonly<Record<string, string>>> = {};
let slowest = 0;
try {
  await (await openStore({ kind: 'sqlite', path })).close();
  fill(path);
  const openedAt = performance.now();
  await (await openStore({ kind: 'sqlite', path })).close();
  const openMs = performance.now() - openedAt;

  let number = many;
  for (const open of [hubcanary, bare, hubcanary, bare]) {
    const contestant = await open(path);
    const { name } = contestant;
    const commitTimes = await timed(commits / 2, () => contestant.commit(commitOf(typicalRun(number++))));
    const recentTimes = await timed(300, (turn) => contestant.recentRuns(`hub-${turn % hubs}`));
    const failedTimes = await timed(100, () => contestant.failedRuns());
    await contestant.close();
    // Of the two turns the later one is shown: caches are warm for both then.
    table[`${name}: commit a run and 3 verdicts`] = row(commitTimes);
    table[`${name}: 100 recent runs of a hub`] = row(recentTimes);
    table[`${name}: 100 failed runs of all hubs`] = row(failedTimes);
    if (name === 'hubcanary') {
      slowest = [commitTimes, recentTimes, failedTimes]
        .map((took) => took[Math.floor(took.length * 0.99)] ?? NaN)
        .reduce((a, b) => Math.max(a, b));
    }
  }

  const store = await openStore({ kind: 'sqlite', path });
  const prunedAt = performance.now();
  const pruned = await store.prune(new Date(Date.UTC(2026, 0, 1) + (many / 4) * 6_000));
  const pruneMs = performance.now() - prunedAt;
  await store.close();

  const { size } = await stat(path);
  console.table(Object.fromEntries(Object.entries(table).toSorted(([a], [b]) => afterColon(a, b))));
  console.log(
    `${many} runs, ${(size / 2 ** 20).toFixed(0)} MiB: checked and opened in ${openMs.toFixed(0)} ms; ` +
      `${pruned} old runs removed in ${pruneMs.toFixed(0)} ms`,
  );
  console.log(`slowest p99 ${slowest.toFixed(1)} ms (goal: at most ${goalMs})`);
  process.exitCode = slowest <= goalMs ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function afterColon(a: string, b: string): number {
  return (a.split(': ')[1] ?? '').localeCompare(b.split(': ')[1] ?? '');
}
