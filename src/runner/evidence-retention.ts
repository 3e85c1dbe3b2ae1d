import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface EvidenceLimits {
  readonly maxAgeMs: number;
  readonly maxSizeBytes: number;
}

interface Kept {
  readonly run: string;
  readonly path: string;
  readonly modifiedMs: number;
  readonly bytes: number;
}

/** Stands before the name of a folder that is being removed; one that was left so by a crash is removed the next time. */
const GOING = '.going-';
/** A run's id, a ULID. Whatever else lies in the folder is somebody else's. */
const OURS = /^(\.going-)?[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Removes the evidence of whole runs: what is too old, then the oldest until the rest fits. That of the runs an open
 * incident speaks of has no age, and goes only when there is nothing else left to go. Nobody ever sees half of a run's.
 * A missing folder is fine, and so is one that holds other things: they stay.
 */
export async function pruneEvidence(
  folder: string,
  limits: EvidenceLimits,
  now: Date,
  needed: ReadonlySet<string> = new Set(),
): Promise<void> {
  const all = await runsIn(folder);
  const firstToStay = all.toSorted(
    (a, b) => Number(needed.has(b.run)) - Number(needed.has(a.run)) || b.modifiedMs - a.modifiedMs,
  );
  let bytes = 0;
  for (const kept of firstToStay) {
    bytes += kept.bytes;
    const isTooOld = !needed.has(kept.run) && kept.modifiedMs < now.getTime() - limits.maxAgeMs;
    if (isTooOld || bytes > limits.maxSizeBytes) {
      bytes -= kept.bytes;
      await removeWhole(folder, kept);
    }
  }
}

async function removeWhole(folder: string, { run, path }: Kept): Promise<void> {
  const going = run.startsWith(GOING) ? path : join(folder, `${GOING}${run}`);
  if (going !== path) await rename(path, going);
  await rm(going, { recursive: true, force: true });
}

async function runsIn(folder: string): Promise<readonly Kept[]> {
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.filter((name) => OURS.test(name)).map((name) => measure(folder, name)));
}

async function measure(folder: string, run: string): Promise<Kept> {
  const path = join(folder, run);
  // What was on its way out goes first.
  const modifiedMs = run.startsWith(GOING) ? -Infinity : (await stat(path)).mtimeMs;
  const files = await readdir(path).catch(() => []);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(path, file))).size));
  return { run, path, modifiedMs, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
