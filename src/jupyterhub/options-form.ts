import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { ServerSettings } from '../core/hub.ts';
import { submitOf, takeSteps } from './page-steps.ts';
import { chooseProfile } from './profile-form.ts';

/** Fills in the options form as configured and sends it: a list of profiles, or any other form by its steps. */
export async function fillOptionsForm(page: Page, settings: ServerSettings): Promise<void> {
  if (settings.form.length === 0 || settings.profile !== null) await chooseProfile(page, settings);
  await takeSteps(page, settings.form, { key: 'server.form', reason: 'options-form-broken' });
  const submit = submitOf(page, settings.form) ?? page.locator('#spawn_form [type=submit]:visible').first();
  if ((await submit.count()) === 0) {
    throw new Broken('options-form-broken', 'the options form has no visible button to start a server');
  }
  await expectComplete(page);
  await submit.click({ noWaitAfter: true });
}

/** A browser does not send a form in which something is missing, and says so only to people. */
async function expectComplete(page: Page): Promise<void> {
  const missing = await page
    .locator('#spawn_form :invalid:not(fieldset)')
    .evaluateAll((fields) => fields.map((field) => field.getAttribute('name') ?? field.id));
  if (missing.length === 0) return;
  throw new Broken(
    'options-form-broken',
    `the options form asks for what the configuration does not say: ${missing.join(', ')}`,
  );
}
