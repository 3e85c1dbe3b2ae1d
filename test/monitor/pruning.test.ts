import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PruningParts, pruneOnce, startPruning } from '../../src/monitor/pruning.ts';
import { openStore } from '../../src/store/index.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { anIncident } from '../build/incident.ts';
import { aRun } from '../build/run.ts';
import { aCommitOf, nothing } from '../store/contract/fixture.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-24T12:00:00Z');

describe('removing what is old', () => {
  let folder: string;
  let store: Store;
  let lines: string[];
  let pruned: ReadonlySet<string>[];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pruning-'));
    store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
    lines = [];
    pruned = [];
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const parts = (changes: Partial<PruningParts> = {}): PruningParts => ({
    store,
    pruneEvidence: async (needed) => void pruned.push(needed),
    keepRunsForMs: 7 * DAY,
    now: () => NOW,
    log: (level, text) => void lines.push(`${level} ${text}`),
    ...changes,
  });
  const once = (changes: Partial<PruningParts> = {}) => pruneOnce(parts(changes));
  const runOf = (id: string, daysAgo: number) =>
    aRun({ id, startedAt: new Date(NOW.getTime() - daysAgo * DAY).toISOString() });

  it('takes the records of runs that are too old, but for those of incidents, and says so', async () => {
    for (const run of [runOf('a', 30), runOf('b', 7.1), runOf('c', 7), runOf('d', 30), runOf('z', 0)]) {
      await store.commit({ ...nothing, run });
    }
    await store.commit(aCommitOf(anIncident({ firstRun: 'd', lastFailedRun: 'd' })));

    await once();
    await once();

    expect((await store.runs({ limit: 9 })).map(({ id }) => id)).toEqual(['z', 'd', 'c']);
    expect(lines).toEqual(['info old records were removed']);
    expect(pruned.map((needed) => [...needed].includes('d'))).toEqual([true, true]);
  });

  it('does not believe a clock that is far ahead of the latest run', async () => {
    for (const run of [runOf('a', 30), runOf('b', 20), runOf('c', 14)]) {
      await store.commit({ ...nothing, run });
    }

    await once({ now: () => new Date(NOW.getTime() + 365 * DAY) });

    expect((await store.runs({ limit: 9 })).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('says what could not be removed, and removes the other', async () => {
    for (const run of [runOf('a', 30), runOf('z', 0)]) await store.commit({ ...nothing, run });

    await once({ pruneEvidence: () => Promise.reject(new Error('EACCES')) });
    expect((await store.runs({ limit: 9 })).map(({ id }) => id)).toEqual(['z']);
    await once({
      store: { ...store, prune: () => Promise.reject(new StoreError('full', 'the disk is full')) },
    });

    expect(lines).toEqual([
      'warn old evidence could not be removed',
      'info old records were removed',
      'warn old records could not be removed',
    ]);
  });

  it('is waited for at the end, so that the store is not closed beneath it', async () => {
    const slow = Promise.withResolvers<void>();
    const stop = startPruning(parts({ pruneEvidence: () => slow.promise }));
    let isOver = false;
    const end = stop().then(() => (isOver = true));

    await store.ping();
    expect(isOver).toBe(false);
    slow.resolve();
    await end;

    expect(lines).toEqual([]);
  });
});
