import { type Browser, chromium } from 'playwright';
import { OwnFault } from '../core/own-fault.ts';
import type { Assignment } from '../runner/protocol.ts';
import { findBrowser } from '../find-browser.ts';

const LAUNCH_WITHIN_MS = 30_000;

/** Launches the browser that this machine has; its profile goes below TMPDIR, which is the run's own folder. */
export async function launchBrowser(
  settings: Assignment['browser'],
  args: readonly string[],
): Promise<Browser> {
  const found = findBrowser(settings.executable);
  if (found === null) {
    throw new OwnFault(
      'browser-missing',
      settings.executable === null
        ? "no Chromium found: run `npx playwright install --with-deps --only-shell chromium`, or install your system's chromium-headless-shell"
        : `no browser at ${settings.executable} (service.browser.executable)`,
    );
  }
  try {
    return await chromium.launch({
      ...(found.kind === 'installed' ? { executablePath: found.executable } : {}),
      chromiumSandbox: settings.sandbox === 'required',
      timeout: LAUNCH_WITHIN_MS,
      // The worker decides when the browser ends; by default Playwright would close it at the first signal.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: ['--disable-quic', '--disable-component-update', '--disable-sync', ...args],
    });
  } catch (error) {
    throw new OwnFault('browser-crashed', `the browser did not start: ${firstLine(error)}`, error);
  }
}

export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
