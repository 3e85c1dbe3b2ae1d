import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface EvidenceLimits {
  readonly maxAgeMs: number;
  readonly maxSizeBytes: number;
}

interface Kept {
  readonly path: string;
  readonly modifiedMs: number;
  readonly bytes: number;
}

/** Removes the evidence of whole runs: what is too old, then the oldest until the rest fits. A missing folder is fine. */
export async function pruneEvidence(folder: string, limits: EvidenceLimits, now: Date): Promise<void> {
  const newestFirst = (await runsIn(folder)).toSorted((a, b) => b.modifiedMs - a.modifiedMs);
  let bytes = 0;
  for (const run of newestFirst) {
    bytes += run.bytes;
    const isTooOld = run.modifiedMs < now.getTime() - limits.maxAgeMs;
    if (isTooOld || bytes > limits.maxSizeBytes) await rm(run.path, { recursive: true, force: true });
  }
}

async function runsIn(folder: string): Promise<readonly Kept[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => measure(join(folder, name))));
}

async function measure(path: string): Promise<Kept> {
  const { mtimeMs } = await stat(path);
  const files = await readdir(path).catch(() => []);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(path, file))).size));
  return { path, modifiedMs: mtimeMs, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
