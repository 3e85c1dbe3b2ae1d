import { StoreError } from './store.ts';

const EXPLANATIONS: readonly [RegExp, StoreError['code'], string][] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'locked',
    'is in use by another hubcanary: only one may use a SQLite store. Stop the other one, or give this one a file of its own',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'corrupt',
    'is damaged. It was left as it is: restore a backup, or move it away to start with an empty one',
  ],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'full',
    'cannot grow: the disk is full. Free some space; nothing that was recorded is lost',
  ],
  [
    /^(SQLITE_(CANTOPEN|READONLY|PERM|IOERR)|EACCES|EPERM|EROFS|EEXIST|ENOTDIR|EISDIR)/,
    'unwritable',
    'cannot be written: check that it is a file on a sound disk, in a folder that belongs to this user',
  ],
];

/** Turns an error of the driver or the file system into one that says what to do; others are passed on. */
export function explainStoreError(path: string, error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  const found = EXPLANATIONS.find(([pattern]) => pattern.test(code));
  if (found === undefined) return error;
  return new StoreError(found[1], `the store ${path} ${found[2]} (${code})`, error);
}
