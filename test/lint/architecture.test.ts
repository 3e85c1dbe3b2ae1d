import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder: string;

/** What a line in a file of the project would be told; the linter runs with the project's own rules in a copy of its shape. */
function lint(file: string, line: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${line}\n`);
  const config = join(folder, '.oxlintrc.json');
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['-c', config, path], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 20_000,
  });
  rmSync(path);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(root, '.cache-lint-'));
  const copied = spawnSync('cp', [join(root, '.oxlintrc.json'), folder]);
  expect(copied.status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the rules of the architecture', () => {
  it.each([
    ['src/core/a.ts', "export { readFile } from 'node:fs';", 'Core is pure'],
    ['src/core/a.ts', "export { openStore } from '../store/index.ts';", 'Core is pure'],
    ['src/store/a.ts', "export { load } from '../config/load.ts';", 'An edge imports core'],
    ['src/trial/a.ts', "export { openStore } from '../store/index.ts';", 'A trial imports core'],
    ['src/store/a.ts', "export { World } from '../trial/world.ts';", 'An edge imports core'],
    ['src/http/a.ts', "export { openStore } from '../store/sqlite.ts';", 'through the interfaces'],
    ['src/monitor/a.ts', "export { openStore } from '../store/sqlite.ts';", 'never an implementation'],
    ['src/worker/a.ts', "export { createSupervisor } from '../runner/supervisor.ts';", 'share the protocol'],
    ['src/cli/a.ts', "export { travel } from '../worker/journey.ts';", 'never loads the worker'],
    ['probes/a.ts', "export { createSupervisor } from '../src/runner/supervisor.ts';", "like a user's story"],
  ])('%s may not say %s', (file, line, why) => {
    expect(lint(file, line)).toContain(why);
  });

  it.each([
    ['src/core/a.ts', "export { oneLine } from './text.ts';"],
    ['src/http/a.ts', "export type { Store } from '../store/store.ts';"],
    ['src/worker/a.ts', "export type { Message } from '../runner/protocol.ts';"],
    ['probes/a.ts', "export { Broken } from '../src/core/broken.ts';"],
  ])('%s may say %s', (file, line) => {
    expect(lint(file, line)).not.toContain('no-restricted-imports');
  });
});
