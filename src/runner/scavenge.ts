import { readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the temporary folders of services that were killed together with their workers. A folder whose owner lives, or
 * in which an orphaned worker still cleans up, is left alone, and so is one that holds anything but runs.
 */
export async function scavenge(parent: string, prefix: string): Promise<void> {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : NaN;
    if (!Number.isInteger(owner) || lives(owner)) continue;
    const folder = join(parent, name);
    if (holdsRunsOnly(folder) && !isInUse(folder)) await rm(folder, { recursive: true, force: true });
  }
}

function holdsRunsOnly(folder: string): boolean {
  try {
    return readdirSync(folder).every((name) => name.startsWith('run-'));
  } catch {
    // No folder, or somebody else's.
    return false;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isInUse(folder: string): boolean {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .some((pid) => environmentOf(pid).includes(`TMPDIR=${folder}/`));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Ended meanwhile, or somebody else's.
    return '';
  }
}
