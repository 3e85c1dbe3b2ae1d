import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { venvFolder } from '../../testbed/environments.ts';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../../.cache/peers');

/** Where the peers are installed. */
export interface Places {
  readonly playwright: string;
  readonly elastic: string;
  readonly jhub: string;
}

/** Installs what is not there yet, each on its own and none of it as a dependency of the project. */
export async function installPeers(say: (line: string) => void): Promise<Places> {
  return {
    playwright: await npm('playwright', '@playwright/test@1.65.1', say),
    elastic: await npm('elastic', '@elastic/synthetics@1.26.3', say),
    jhub: await pip('jhub', ['jhub-client==0.1.7', 'aiohttp==3.*', 'yarl==1.*'], say),
  };
}

async function npm(name: string, specifier: string, say: (line: string) => void): Promise<string> {
  const folder = join(CACHE, name);
  const [library = ''] = /^@?[^@]+/.exec(specifier) ?? [];
  if (existsSync(join(folder, 'node_modules', library))) return folder;
  say(`installing ${specifier}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  await run('npm', ['install', specifier, '--no-audit', '--no-fund', '--no-save'], {
    cwd: folder,
    env: { ...process.env, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  });
  return folder;
}

async function pip(
  name: string,
  specifiers: readonly string[],
  say: (line: string) => void,
): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(join(folder, 'bin/pip'))) return folder;
  say(`installing ${specifiers.join(', ')}`);
  await run(join(venvFolder(), 'bin/python'), ['-m', 'venv', folder]);
  await run(join(folder, 'bin/pip'), ['install', '--quiet', ...specifiers]);
  return folder;
}
