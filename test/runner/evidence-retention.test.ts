import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('is fine with nothing to keep', async () => {
    const missing = join(folder, 'nowhere');

    await expect(pruneEvidence(missing, { maxAgeMs: 1, maxSizeBytes: 1 }, NOW)).resolves.toBeUndefined();
  });
});
