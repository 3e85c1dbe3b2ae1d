import { chromium } from 'playwright';
import { findBrowser } from '../../src/find-browser.ts';
import { askFromPage } from '../../src/jupyterhub/ask.ts';
import { HubApi } from '../../src/jupyterhub/hub-api.ts';
import type { Testbed } from '../testbed/testbed.ts';

/** Mints a token as a user would, in a browser of their own. @returns its secret. */
export async function mintAs(testbed: Testbed, user: string, note: string): Promise<string> {
  const found = findBrowser(null);
  const browser = await chromium.launch(
    found?.kind === 'installed' ? { executablePath: found.executable } : {},
  );
  try {
    const page = await browser.newPage();
    await page.goto(`${testbed.hubUrl}hub/login?next=${new URL(testbed.hubUrl).pathname}hub/home`);
    await page.fill('#username_input', user);
    await page.fill('#password_input', testbed.password);
    await page.click('#login_submit');
    await page.waitForURL('**/hub/home');
    const api = new HubApi(`${testbed.hubUrl}hub/api/`, askFromPage(page));
    const signal = AbortSignal.timeout(30_000);
    return (await api.mintToken(user, { note, expiresInSeconds: 600, signal })).token;
  } finally {
    await browser.close();
  }
}

export async function tokenIs(testbed: Testbed, token: string): Promise<'good' | 'gone'> {
  const answer = await fetch(`${testbed.hubUrl}hub/api/user`, {
    headers: { authorization: `token ${token}` },
  });
  return answer.ok ? 'good' : 'gone';
}
