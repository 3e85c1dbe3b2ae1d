import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is a disk of its own. Only root may mount one. */
export interface Disk extends Disposable {
  /** Grows or shrinks it, or makes it read-only: options of mount(8). */
  remount(options: string): void;
}

const isRoot = process.getuid?.() === 0;
export const canMount = isRoot && mountingWorks();
/** Root without the right to mount can write everywhere. */
export const canForbidWriting = canMount || !isRoot;

export function mountDisk(folder: string, options: string): Disk {
  mkdirSync(folder);
  run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return {
    remount: (changed) => run('mount', ['-o', `remount,${changed}`, folder]),
    [Symbol.dispose]: () => run('umount', ['-l', folder]),
  };
}

/** A folder in which this user, root too, can make no file. */
export function readOnlyFolder(folder: string): Disposable {
  if (canMount) return mountDisk(folder, 'ro,size=64k');
  mkdirSync(folder, { mode: 0o500 });
  return { [Symbol.dispose]: () => chmodSync(folder, 0o700) };
}

/** Not every container lets its root mount. */
function mountingWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    mountDisk(join(folder, 'disk'), 'size=64k')[Symbol.dispose]();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { timeout: 10_000 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${String(stderr)}`);
}
