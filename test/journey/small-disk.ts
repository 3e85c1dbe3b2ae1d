import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PIECE = Buffer.alloc(4096);

/** A file system of its own with little room. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves no room at all. */
  fill(): void;
}

/** `limit` as tmpfs has it: `size=…`, `nr_inodes=…`. */
export function mountSmallDisk(limit: string): SmallDisk {
  // Short: Chromium's sockets may live below it.
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', limit, 'none', folder]);
  return {
    folder,
    fill() {
      const file = openSync(join(folder, 'filled'), 'w');
      try {
        for (;;) writeSync(file, PIECE);
      } catch {
        // Full, as wanted.
      } finally {
        closeSync(file);
      }
    },
    [Symbol.dispose]() {
      // Lazily: a process of the run may just be ending.
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether this machine lets us mount: containers often do not. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not allowed, or no such command.
    return false;
  }
}

/** Made below the disk before it is full. */
export function folderOn(disk: SmallDisk, name: string): string {
  const folder = join(disk.folder, name);
  mkdirSync(folder);
  return folder;
}
