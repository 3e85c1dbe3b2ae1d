import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { ServerSettings } from '../core/hub.ts';

/**
 * Chooses the configured profile and its options in KubeSpawner's form and submits it.
 * Every choice is made explicitly: newer forms tick what the user took last time. A form without profiles is sent as it is.
 */
export async function fillOptionsForm(page: Page, settings: ServerSettings): Promise<void> {
  if (settings.profile !== null) await chooseProfile(page, settings.profile, settings.profileOptions);
  const submit = page.locator('#spawn_form [type=submit]:visible').first();
  if ((await submit.count()) === 0) {
    throw new Broken('options-form-broken', 'the options form has no visible button to start a server');
  }
  await expectComplete(page);
  await submit.click({ noWaitAfter: true });
}

async function chooseProfile(
  page: Page,
  profile: string,
  options: ServerSettings['profileOptions'],
): Promise<void> {
  const radio = page.locator(`#spawn_form input[name=profile][value=${JSON.stringify(profile)}]`);
  if ((await radio.count()) === 0) {
    const offered = await page
      .locator('#spawn_form input[name=profile]')
      .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value')));
    throw new Broken(
      'profile-missing',
      `the options form offers no profile "${profile}", only: ${offered.join(', ') || 'none'}`,
    );
  }
  await radio.check({ force: true });
  for (const [option, value] of Object.entries(options)) {
    const select = page.locator(`#spawn_form select[name="profile-option-${profile}--${option}"]`);
    if ((await select.count()) === 0) {
      throw new Broken('profile-missing', `profile "${profile}" offers no option "${option}"`);
    }
    await select.selectOption(value);
  }
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
