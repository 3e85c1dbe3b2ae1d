import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** Where Debian and others install a Chromium that Playwright can drive; the headless shell starts twice as fast. */
const INSTALLED = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** `own` is Playwright's download of exactly the version it was tested with; Playwright then finds the path itself. */
export type Browser = { readonly kind: 'own' } | { readonly kind: 'installed'; readonly executable: string };

/** The browser to drive: the configured one, else Playwright's own download, else an installed one; null when there is none. */
export function findBrowser(configured: string | null): Browser | null {
  if (configured !== null) {
    return existsSync(configured) ? { kind: 'installed', executable: configured } : null;
  }
  if (ownHeadlessShell()) return { kind: 'own' };
  const executable = INSTALLED.find((path) => existsSync(path));
  return executable === undefined ? null : { kind: 'installed', executable };
}

/** `executablePath()` names the full browser; `install --only-shell` leaves it out and puts the shell beside it. */
function ownHeadlessShell(): boolean {
  const full = chromium.executablePath();
  if (full === '') return false;
  const shell = full
    .replace(/chromium-(\d+)/, 'chromium_headless_shell-$1')
    .replace(/chrome-linux([^/]*)\/chrome$/, 'chrome-headless-shell-linux$1/chrome-headless-shell');
  return existsSync(full) || existsSync(shell);
}
