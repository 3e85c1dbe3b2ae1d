import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pruneEvidence } from '../../src/runner/evidence-retention.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(run: string, hoursOld: number, bytes: number): void {
  mkdirSync(join(folder, run));
  writeFileSync(join(folder, run, 'page.txt'), Buffer.alloc(bytes));
  const at = new Date(NOW.getTime() - hoursOld * HOUR);
  utimesSync(join(folder, run), at, at);
}

describe('keeping evidence', () => {
  it('ends with its age', async () => {
    keep('old', 25, 10);
    keep('young', 1, 10);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 1_000 }, NOW);

    expect(readdirSync(folder)).toEqual(['young']);
  });

  it('ends with the space it may take, oldest first', async () => {
    for (const [index, run] of ['newest', 'middle', 'oldest'].entries()) keep(run, index + 1, 100);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 250 }, NOW);

    expect(readdirSync(folder).toSorted()).toEqual(['middle', 'newest']);
  });

  it('keeps what is exactly as old, and exactly as large, as may be', async () => {
    keep('just old enough', 24, 100);
    keep('young', 1, 100);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 200 }, NOW);

    expect(readdirSync(folder)).toHaveLength(2);
    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 199 }, NOW);
    expect(readdirSync(folder)).toEqual(['young']);
    await pruneEvidence(folder, { maxAgeMs: HOUR - 1, maxSizeBytes: 199 }, NOW);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets a run that is too large go, and keeps older ones that fit', async () => {
    keep('small', 3, 10);
    keep('huge', 2, 1_000);
    keep('new', 1, 10);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 100 }, NOW);

    expect(readdirSync(folder).toSorted()).toEqual(['new', 'small']);
  });

  it('keeps what an open incident speaks of, whatever its age, before all others', async () => {
    keep('first of the incident', 100, 100);
    for (const [index, run] of ['newest', 'newer'].entries()) keep(run, index + 1, 100);

    const needed = new Set(['first of the incident']);
    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 200 }, NOW, needed);

    expect(readdirSync(folder).toSorted()).toEqual(['first of the incident', 'newest']);
  });

  it('lets even that go when it alone is too large, oldest first', async () => {
    keep('first', 3, 100);
    keep('latest', 1, 100);

    const limits = { maxAgeMs: 24 * HOUR, maxSizeBytes: 100 };
    await pruneEvidence(folder, limits, NOW, new Set(['first', 'latest']));

    expect(readdirSync(folder)).toEqual(['latest']);
  });

  it('finishes what a crash cut short', async () => {
    keep('.going-older', 1, 10);
    keep('young', 1, 10);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 1_000 }, NOW);

    expect(readdirSync(folder)).toEqual(['young']);
  });

  it('takes a run away as a whole: whoever reads one of its files had better read all', async () => {
    mkdirSync(join(folder, 'old'));
    for (let file = 0; file < 300; file += 1) writeFileSync(join(folder, 'old', `${file}.txt`), 'x');
    const at = new Date(NOW.getTime() - 25 * HOUR);
    utimesSync(join(folder, 'old'), at, at);
    const counts = new Set<number>();

    const pruning = pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 1_000_000 }, NOW);
    let isDone = false;
    void pruning.finally(() => (isDone = true));
    while (!isDone) {
      counts.add(existsSync(join(folder, 'old')) ? readdirSync(join(folder, 'old')).length : 0);
      await pause();
    }
    await pruning;

    expect([...counts].filter((count) => count !== 0 && count !== 300)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is fine with nothing to keep', async () => {
    const missing = join(folder, 'nowhere');

    await expect(pruneEvidence(missing, { maxAgeMs: 1, maxSizeBytes: 1 }, NOW)).resolves.toBeUndefined();
  });
});
