import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Folders in which every file is one plug-in, but for the named ones; each has to stand in the folder's index. */
it.each([
  ['probes', ['index.ts']],
  ['src/login', ['index.ts', 'login.ts']],
  ['src/store/migrations', ['index.ts']],
])('no file of %s is forgotten in its registry', (folder, others) => {
  const index = readFileSync(join(root, folder, 'index.ts'), 'utf8');
  const files = readdirSync(join(root, folder)).filter(
    (file) => file.endsWith('.ts') && !others.includes(file),
  );

  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(index).toContain(`'./${basename(file)}'`);
});
