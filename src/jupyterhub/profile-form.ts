import type { Locator, Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { ServerSettings } from '../core/hub.ts';

/** How long the script of a form may take to draw it. */
const DRAWN_WITHIN_MS = 20_000;
const OBEYS_WITHIN_MS = { timeout: 5_000 };

/**
 * Chooses a profile and its options in KubeSpawner's own form or in that of jupyterhub-fancy-profiles, told apart by what is
 * on the page. Every choice is made explicitly, those that are not configured by their default: KubeSpawner from 7.1 on shows
 * what the user took last time. A form without profiles is left alone.
 * @throws Broken `profile-missing` when there is no such profile, option or choice.
 */
export async function chooseProfile(page: Page, settings: ServerSettings): Promise<void> {
  const { profile: wanted, profileOptions } = settings;
  const form = page.locator('#spawn_form');
  const isFancy = (await page.locator('script[src*="/fancy-profiles/"]').count()) > 0;
  if (isFancy) await drawn(form);
  const radios = form.locator(`input[name="${isFancy ? 'select-profile' : 'profile'}"]`);
  if (wanted === null && (await radios.count()) === 0) return;

  const profile = await pick(radios, wanted);
  // The whole card is a label; a form may hide the radio itself.
  await radios
    .and(form.locator(`[value=${JSON.stringify(profile)}]`))
    .check({ ...OBEYS_WITHIN_MS, force: true });
  const choose = isFancy ? chooseFancyOption : chooseOption;
  for (const [option, value] of Object.entries(profileOptions))
    await choose(form, { profile, option, value });
  if (!isFancy) await takeDefaults(form, profile, Object.keys(profileOptions));
}

async function drawn(form: Locator): Promise<void> {
  const inTime = await form
    .locator('input[name="select-profile"]')
    .first()
    .waitFor({ state: 'attached', timeout: DRAWN_WITHIN_MS })
    .then(
      () => true,
      () => false,
    );
  if (inTime) return;
  throw new Broken(
    'options-form-broken',
    `the script of jupyterhub-fancy-profiles drew no form within ${DRAWN_WITHIN_MS / 1000} s (it does not work under a base path)`,
  );
}

/** @returns the slug of the profile of that slug or display name, of the first when none is wanted. */
async function pick(radios: Locator, wanted: string | null): Promise<string> {
  const offered = await radios.evaluateAll((inputs) =>
    inputs.map((input) => ({
      slug: input.getAttribute('value') ?? '',
      name: input.closest('.profile, .profile-select')?.querySelector('h2, h3')?.textContent.trim() ?? '',
    })),
  );
  const found =
    wanted === null
      ? offered[0]
      : (offered.find(({ slug }) => slug === wanted) ?? offered.find(({ name }) => name === wanted));
  if (found !== undefined) return found.slug;
  const known = offered.map(({ slug }) => slug).join(', ') || 'none';
  throw new Broken('profile-missing', `the options form offers no profile "${wanted}", only: ${known}`);
}

interface Choice {
  readonly profile: string;
  readonly option: string;
  /** Key or label of a choice; where the form takes a value of one's own, any text. */
  readonly value: string;
}

/** Names have two dashes between profile and option since KubeSpawner 6, one before. */
function selectOf(form: Locator, { profile, option }: Omit<Choice, 'value'>): Locator {
  const names = [`profile-option-${profile}--${option}`, `profile-option-${profile}-${option}`];
  return form.locator(names.map((name) => `select[name="${name}"], select[id="${name}"]`).join(', ')).first();
}

async function chooseOption(form: Locator, choice: Choice): Promise<void> {
  const select = selectOf(form, choice);
  if ((await select.count()) === 0) throw missing(choice, null);
  const offered = await select
    .locator('option')
    .evaluateAll((options) =>
      options.map((option) => [option.getAttribute('value') ?? '', option.textContent.trim()]),
    );
  const key = keyOf(choice.value, offered);
  if (key !== null) {
    await select.selectOption(key, OBEYS_WITHIN_MS);
    return;
  }
  if (!offered.some(([value]) => value === UNLISTED)) throw missing(choice, offered);
  await select.selectOption(UNLISTED, OBEYS_WITHIN_MS);
  const text = form.locator(
    `[data-name="profile-option-${choice.profile}--${choice.option}--unlisted-choice"]`,
  );
  await text.fill(choice.value, OBEYS_WITHIN_MS);
}

const UNLISTED = 'unlisted-choice';

/** Its lists are drawn by react-select: a combobox that shows labels, beside a hidden field that holds the key. */
async function chooseFancyOption(form: Locator, choice: Choice): Promise<void> {
  const name = `profile-option-${choice.profile}--${choice.option}`;
  const control = form.locator('.profile-option-control-container', {
    has: form.page().locator(`input[name="${name}"]`),
  });
  if ((await control.count()) === 0) throw missing(choice, null);
  const offered = await form.page().evaluate(choicesOfFancyOption, choice);
  const key = keyOf(choice.value, offered);
  const label = offered.find(([value]) => value === key)?.[1];
  if (label === undefined) throw missing(choice, offered);
  await control.getByRole('combobox').click(OBEYS_WITHIN_MS);
  await control.getByRole('option', { name: label, exact: true }).click(OBEYS_WITHIN_MS);
}

/** Runs in the page, which holds the profiles for its script. */
function choicesOfFancyOption({ profile, option }: { profile: string; option: string }): string[][] {
  const profiles: {
    slug: string;
    profile_options?: Record<string, { choices?: Record<string, { display_name: string }> }>;
  }[] = Reflect.get(window, 'profileList') ?? [];
  const choices = profiles.find(({ slug }) => slug === profile)?.profile_options?.[option]?.choices ?? {};
  return Object.entries(choices).map(([key, { display_name: label }]) => [key, label]);
}

function keyOf(wanted: string, offered: readonly (readonly string[])[]): string | null {
  const found = offered.find(([key]) => key === wanted) ?? offered.find(([, label]) => label === wanted);
  return found?.[0] ?? null;
}

function missing({ profile, option, value }: Choice, offered: readonly (readonly string[])[] | null): Broken {
  if (offered === null) {
    return new Broken('profile-missing', `profile "${profile}" offers no option "${option}"`);
  }
  const known = offered.map(([key]) => key).join(', ');
  return new Broken(
    'profile-missing',
    `option "${option}" of profile "${profile}" offers no "${value}", only: ${known}`,
  );
}

/** What the form came with before its script put the last start's choices there. */
async function takeDefaults(form: Locator, profile: string, chosen: readonly string[]): Promise<void> {
  const selects = form.locator(`label[for="profile-item-${profile}"] select.js-profile-option-select`);
  for (const select of await selects.all()) {
    const { name, value } = await select.evaluate((element) => ({
      name: element.getAttribute('name') ?? element.id,
      value:
        (element.querySelector('option[selected]') ?? element.querySelector('option'))?.getAttribute(
          'value',
        ) ?? '',
    }));
    if (!chosen.some((option) => name.endsWith(`-${option}`)))
      await select.selectOption(value, OBEYS_WITHIN_MS);
  }
}
