import { constants } from 'node:fs';
import { type FileHandle, copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSqliteStore } from './sqlite.ts';
import { explainStoreError } from './store-error.ts';
import { StoreError } from './store.ts';
import type { Store } from './store.ts';

/** Bytes at the start of the write-ahead log that change whenever it begins anew. */
const WAL_HEADER_BYTES = 32;
const TRIES = 20;
const BETWEEN_TRIES_MS = 250;

/** A store as it was at one moment, to be read; nothing that is written to it lasts. */
export interface Snapshot extends AsyncDisposable {
  readonly store: Store;
}

/**
 * Opens a copy of a SQLite store. The store itself is only read, byte by byte, so that this works while a service holds
 * it, and neither disturbs the service nor brings the file up to another version.
 * @throws StoreError as opening does, or `missing`, or `busy` when the service writes faster than it can be copied
 */
export async function openSnapshot(path: string): Promise<Snapshot> {
  const folder = await mkdtemp(join(tmpdir(), `hubcanary-snapshot-${process.pid}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'store.db');
    await copyStore(path, copy);
    const store = await openSqliteStore(copy);
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Changes go to the log first, and from there into the file only while they stay in the log. So file and log together
 * are one moment's state when the file was copied first and the log did not begin anew meanwhile.
 */
async function copyStore(path: string, copy: string): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = await walHeader(path);
    await copyOver(path, copy);
    if (before === null) await rm(`${copy}-wal`, { force: true });
    else await copyOver(`${path}-wal`, `${copy}-wal`).catch(ignoreMissing);
    if ((await walHeader(path)) === before) return;
    await pause(BETWEEN_TRIES_MS);
  }
  throw new StoreError(
    'busy',
    `the store ${path} changes faster than it can be read: try again, or stop the service that writes it for a moment`,
  );
}

/** Null when there is no log, or none with anything in it. */
async function walHeader(path: string): Promise<string | null> {
  let file: FileHandle | null = null;
  try {
    file = await open(`${path}-wal`, 'r');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(WAL_HEADER_BYTES), 0, WAL_HEADER_BYTES, 0);
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead).toString('hex');
  } catch (error) {
    return ignoreMissing(error);
  } finally {
    await file?.close();
  }
}

async function copyOver(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (isMissing(error) && !from.endsWith('-wal')) {
      throw new StoreError('missing', `there is no store at ${from}: give the path that service.store has`);
    }
    if (hasCode(error, 'ENOSPC')) {
      throw new StoreError(
        'full',
        `there is no room in ${tmpdir()} for a copy of ${from}: free some, or set TMPDIR`,
      );
    }
    throw isMissing(error) ? error : explainStoreError(from, error);
  }
}

function ignoreMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT');
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
