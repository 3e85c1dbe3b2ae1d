import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { pruneEvidence } from '../../src/runner/evidence-retention.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;

const GOING = '.going-';
const ids = new Map<string, string>();

/** The run's id that stands for a name in these tests. */
function idOf(name: string): string {
  if (name.startsWith(GOING)) return `${GOING}${idOf(name.slice(GOING.length))}`;
  const id = ids.get(name) ?? ulid();
  ids.set(name, id);
  return id;
}

function left(): readonly string[] {
  const names = new Map([...ids].map(([name, id]) => [id, name]));
  return readdirSync(folder)
    .map((entry) => names.get(entry) ?? entry)
    .toSorted();
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keep(name: string, hoursOld: number, bytes: number): void {
  const run = idOf(name);
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

    expect(left()).toEqual(['young']);
  });

  it('ends with the space it may take, oldest first', async () => {
    for (const [index, run] of ['newest', 'middle', 'oldest'].entries()) keep(run, index + 1, 100);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 250 }, NOW);

    expect(left()).toEqual(['middle', 'newest']);
  });

  it('keeps what is exactly as old, and exactly as large, as may be', async () => {
    keep('just old enough', 24, 100);
    keep('young', 1, 100);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 200 }, NOW);

    expect(left()).toHaveLength(2);
    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 199 }, NOW);
    expect(left()).toEqual(['young']);
    await pruneEvidence(folder, { maxAgeMs: HOUR - 1, maxSizeBytes: 199 }, NOW);
    expect(left()).toEqual([]);
  });

  it('lets a run that is too large go, and keeps older ones that fit', async () => {
    keep('small', 3, 10);
    keep('huge', 2, 1_000);
    keep('new', 1, 10);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 100 }, NOW);

    expect(left()).toEqual(['new', 'small']);
  });

  it('keeps what an open incident speaks of, whatever its age, before all others', async () => {
    keep('first of the incident', 100, 100);
    for (const [index, run] of ['newest', 'newer'].entries()) keep(run, index + 1, 100);

    const needed = new Set([idOf('first of the incident')]);
    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 200 }, NOW, needed);

    expect(left()).toEqual(['first of the incident', 'newest']);
  });

  it('lets even that go when it alone is too large, oldest first', async () => {
    keep('first', 3, 100);
    keep('latest', 1, 100);

    const limits = { maxAgeMs: 24 * HOUR, maxSizeBytes: 100 };
    await pruneEvidence(folder, limits, NOW, new Set([idOf('first'), idOf('latest')]));

    expect(left()).toEqual(['latest']);
  });

  it('finishes what a crash cut short', async () => {
    keep('.going-older', 1, 10);
    keep('young', 1, 10);

    await pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 1_000 }, NOW);

    expect(left()).toEqual(['young']);
  });

  it('takes a run away as a whole: whoever reads one of its files had better read all', async () => {
    mkdirSync(join(folder, idOf('old')));
    for (let file = 0; file < 300; file += 1) writeFileSync(join(folder, idOf('old'), `${file}.txt`), 'x');
    const at = new Date(NOW.getTime() - 25 * HOUR);
    utimesSync(join(folder, idOf('old')), at, at);
    const counts = new Set<number>();

    const pruning = pruneEvidence(folder, { maxAgeMs: 24 * HOUR, maxSizeBytes: 1_000_000 }, NOW);
    let isDone = false;
    void pruning.finally(() => (isDone = true));
    while (!isDone) {
      counts.add(existsSync(join(folder, idOf('old'))) ? readdirSync(join(folder, idOf('old'))).length : 0);
      await pause();
    }
    await pruning;

    expect([...counts].filter((count) => count !== 0 && count !== 300)).toEqual([]);
    expect(left()).toEqual([]);
  });

  it('touches nothing else that lies there, however old', async () => {
    keep('old', 25, 10);
    mkdirSync(join(folder, 'backups'));
    writeFileSync(join(folder, 'notes.txt'), 'x');
    const at = new Date(0);
    for (const name of ['backups', 'notes.txt']) utimesSync(join(folder, name), at, at);

    await pruneEvidence(folder, { maxAgeMs: HOUR, maxSizeBytes: 0 }, NOW);

    expect(left()).toEqual(['backups', 'notes.txt']);
  });

  it('is fine with nothing to keep', async () => {
    const missing = join(folder, 'nowhere');

    await expect(pruneEvidence(missing, { maxAgeMs: 1, maxSizeBytes: 1 }, NOW)).resolves.toBeUndefined();
  });
});
