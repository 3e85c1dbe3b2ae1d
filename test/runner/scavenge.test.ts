import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scavenge } from '../../src/runner/scavenge.ts';

/** No process can have it: Linux counts to 4,194,304 (proc(5), pid_max). */
const NOBODY = 4_194_305;

it('removes what dead services left, and nothing that only looks like it', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'scavenge-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const make = (name: string, holds: string) => mkdirSync(join(parent, name, holds), { recursive: true });
  make(`canary-${NOBODY}`, 'run-abc');
  make(`canary-${process.pid}`, 'run-abc');
  make(`canary-${NOBODY + 1}`, 'src');
  make('canary-notes', 'run-abc');
  writeFileSync(join(parent, `canary-${NOBODY + 2}`), 'a file');

  await scavenge(parent, 'canary-');

  expect(readdirSync(parent).toSorted()).toEqual(
    [`canary-${NOBODY + 1}`, `canary-${NOBODY + 2}`, `canary-${process.pid}`, 'canary-notes'].toSorted(),
  );
});
