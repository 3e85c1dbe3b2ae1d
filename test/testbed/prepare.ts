import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findBrowser } from '../../src/find-browser.ts';
import {
  BASE_REQUIREMENTS,
  OVERLAYS,
  type Overlay,
  overlayRequirements,
  venvFolder,
} from './environments.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const INSTALL_WITHIN_MS = 15 * 60_000;
const BROWSER_WITHIN_MS = 5 * 60_000;

/** The machine lacks something that we can't install; the message names the command that mends it. */
export class MissingOnMachine extends Error {
  override readonly name = 'MissingOnMachine';
}

/**
 * Makes sure that the machine has all that a testbed of these environments needs: milliseconds when it has, some minutes
 * once when not.
 */
export async function prepare(say: (line: string) => void, overlays: readonly Overlay[] = []): Promise<void> {
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  await makeOnce(venvFolder(), async (partial) => {
    say('installing JupyterHub, JupyterLab and dask-gateway once (a minute or two)');
    await makeVenv(await findPython(), partial);
    await pipInstall(partial, ['-r', BASE_REQUIREMENTS]);
  });
  for (const overlay of overlays) {
    await makeOnce(venvFolder(overlay), async (partial) => {
      say(`installing ${overlay} once (some seconds)`);
      await makeOverlay(overlay, partial);
    });
  }
  await prepareBrowser(say);
}

/** Made beside its place and moved there when it is whole; one at a time per checkout. */
async function makeOnce(venv: string, make: (partial: string) => Promise<void>): Promise<void> {
  if (existsSync(venv)) return;
  const unlock = await lock(join(ROOT, '.cache', 'venv.lock'));
  try {
    if (existsSync(venv)) return;
    const partial = `${venv}.partial`;
    await rm(partial, { recursive: true, force: true });
    await make(partial);
    await rename(partial, venv);
    // Scripts in a venv name their interpreter by its full path: made again in place, they name the final one.
    await run('python3', ['-c', RELOCATE, partial, venv], { timeout: 60_000 });
  } finally {
    await unlock();
  }
}

async function pipInstall(venv: string, args: readonly string[]): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args];
  await run(join(venv, 'bin', 'python'), pip, { timeout: INSTALL_WITHIN_MS });
}

/** The base's packages are seen through a .pth file, its Jupyter data through hard links: an overlay is small and made in seconds. */
async function makeOverlay(overlay: Overlay, partial: string): Promise<void> {
  const base = venvFolder();
  await run(join(base, 'bin', 'python'), ['-m', 'venv', '--without-pip', partial], { timeout: 120_000 });
  const sitePackages = async (venv: string) => {
    const [python = ''] = await readdir(join(venv, 'lib'));
    return join(venv, 'lib', python, 'site-packages');
  };
  await writeFile(join(await sitePackages(partial), 'base.pth'), `${await sitePackages(base)}\n`);
  await pipInstall(partial, ['--no-deps', '--ignore-installed', '-r', overlayRequirements(overlay)]);
  for (const data of ['share/jupyter', 'etc']) {
    await mkdir(join(partial, data), { recursive: true });
    await run('cp', ['-rln', `${join(base, data)}/.`, join(partial, data)], { timeout: 60_000 });
  }
}

const RELOCATE = `
import pathlib, sys
old, new = sys.argv[1:]
for script in pathlib.Path(new, "bin").iterdir():
    if script.is_file() and not script.is_symlink():
        content = script.read_bytes()
        if old.encode() in content:
            script.write_bytes(content.replace(old.encode(), new.encode()))
`;

/** @throws MissingOnMachine when there is no Python from 3.11. */
export async function findPython(
  candidates: readonly string[] = ['python3', 'python3.13', 'python3.12', 'python3.11'],
): Promise<string> {
  for (const candidate of candidates) {
    const test = 'import sys; sys.exit(sys.version_info < (3, 11))';
    const fits = await run(candidate, ['-c', test], { timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    if (fits) return candidate;
  }
  throw new MissingOnMachine('Python 3.11 or newer is needed: apt-get install python3 python3-venv');
}

async function makeVenv(python: string, folder: string): Promise<void> {
  try {
    await run(python, ['-m', 'venv', folder], { timeout: 120_000 });
  } catch (cause) {
    throw new MissingOnMachine(`${python} cannot make a virtual environment: apt-get install python3-venv`, {
      cause,
    });
  }
}

async function prepareBrowser(say: (line: string) => void): Promise<void> {
  if (findBrowser(null) !== null) return;
  say('installing a browser once');
  const cli = join(ROOT, 'node_modules', 'playwright', 'cli.js');
  // Debian's package is small and sure; Playwright's own download fits everywhere that its servers can be reached from.
  const ways: readonly [string, readonly string[]][] = [
    [
      'sh',
      ['-c', 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-headless-shell'],
    ],
    [process.execPath, [cli, 'install', '--with-deps', '--only-shell', 'chromium']],
    [process.execPath, [cli, 'install', '--only-shell', 'chromium']],
  ];
  for (const [command, args] of ways) {
    // Whether it worked is seen below: an installer may fail and yet leave a browser.
    await run(command, args, {
      timeout: BROWSER_WITHIN_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).catch(() => {});
    if (findBrowser(null) !== null) return;
  }
  throw new MissingOnMachine(
    'no browser found: npx playwright install --with-deps --only-shell chromium (or apt-get install chromium-headless-shell)',
  );
}

/** One preparation at a time per checkout; a lock whose owner has died is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.write(String(process.pid));
      await file.close();
      return () => rm(path, { force: true });
    } catch {
      if (!ownerLives(path)) await rm(path, { force: true });
      await pause(200);
    }
  }
}

function ownerLives(path: string): boolean {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch {
    // No such process, or the lock is gone already.
    return false;
  }
}

if (import.meta.main) {
  await prepare((line) => process.stdout.write(`${line}\n`), OVERLAYS).catch((error: unknown) => {
    process.stderr.write(`${error instanceof MissingOnMachine ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
