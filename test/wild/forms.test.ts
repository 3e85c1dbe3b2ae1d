import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { askedFor, failingVisit, lastStart, checkPasses, withServer } from './visit.ts';

describe('a hub with options forms', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({
      hub: 'hub-5.5',
      gateway: false,
      quirks: {
        users: {
          kim: { form: 'profiles' },
          fay: { form: 'fancy-profiles' },
          pia: { form: 'plain' },
        },
      },
    });
  });
  afterAll(() => testbed.stop());

  describe('of KubeSpawner', () => {
    it('starts the profile and the options that are configured, by key or by the words people see', async () => {
      const profileOptions = { image: 'science', cpus: '2 CPUs' };

      await checkPasses(testbed, 'kim', withServer(testbed, { profile: 'Large', profileOptions }));

      expect(await lastStart(testbed, 'kim')).toEqual({ profile: 'large', image: 'science', cpus: 'two' });
    });

    it('takes the defaults afterwards, though the form shows what was chosen last', async () => {
      const asked = await askedFor(testbed, 'kim', { profile: 'large' });

      expect(asked).toEqual({ profile: 'large', image: 'base', cpus: 'one' });
    });

    it('types a value of its own where the form takes one', async () => {
      const asked = await askedFor(testbed, 'kim', { profile: 'large', profileOptions: { image: 'own:2' } });

      expect(asked).toEqual({ profile: 'large', 'image--unlisted-choice': 'own:2', cpus: 'one' });
    });

    it('takes the first profile where none is configured', async () => {
      expect(await askedFor(testbed, 'kim', {})).toEqual({ profile: 'small' });
    });

    it('is gone past with options in the address', async () => {
      const query = { profile: 'large', 'profile-option-large--cpus': 'two' };

      expect(await askedFor(testbed, 'kim', { query })).toEqual({ profile: 'large', cpus: 'two' });
    });

    it.each([
      [{ profile: 'huge' }, /no profile "huge", only: small, large/],
      [{ profile: 'large', profileOptions: { gpu: 'one' } }, /"large" offers no option "gpu"/],
      [
        { profile: 'large', profileOptions: { cpus: 'nine' } },
        /"cpus" of profile "large" offers no "nine", only: one, two/,
      ],
    ])('says what %j misses', async (server, says) => {
      const { failure } = await failingVisit(testbed, 'kim', withServer(testbed, server));

      expect(failure).toMatchObject({ reason: 'profile-missing', criterion: 'server' });
      expect(failure?.message).toMatch(says);
    });
  });

  describe('of jupyterhub-fancy-profiles', () => {
    it('starts what is configured, chosen in lists that a script draws', async () => {
      const profileOptions = { image: 'science', cpus: 'two' };

      await checkPasses(testbed, 'fay', withServer(testbed, { profile: 'large', profileOptions }));

      expect(await lastStart(testbed, 'fay')).toEqual({ profile: 'large', image: 'science', cpus: 'two' });
    });

    it('says what it misses', async () => {
      const server = { profile: 'large', profileOptions: { cpus: 'nine' } };
      const { failure } = await failingVisit(testbed, 'fay', withServer(testbed, server));

      expect(failure).toMatchObject({ reason: 'profile-missing' });
      expect(failure?.message).toMatch(/offers no "nine", only: one, two/);
    });
  });

  describe('written by hand', () => {
    const steps = [
      { do: 'select', on: '#course', with: 'Physics' },
      { do: 'fill', on: '#hours', with: '4' },
      { do: 'uncheck', on: '#notify' },
      { do: 'check', on: '#rules' },
    ] as const;

    it('is filled in step by step, hidden parts too', async () => {
      const more = [
        { do: 'click', on: 'text=More' },
        { do: 'waitFor', on: '#project' },
        { do: 'fill', on: '#project', with: 'canary' },
        { do: 'submit', on: 'role=button[name="Start"]' },
      ] as const;

      await checkPasses(testbed, 'pia', withServer(testbed, { form: [...steps, ...more] }));

      const options = await lastStart(testbed, 'pia');
      expect(options).toEqual({ course: 'physics', hours: '4', rules: 'on', project: 'canary' });
    });

    it('that is not as described is broken, and the message names the step', async () => {
      const hidden = [...steps, { do: 'fill', on: '#project', with: 'canary' }] as const;
      const { failure } = await failingVisit(testbed, 'pia', withServer(testbed, { form: hidden }));

      expect(failure).toMatchObject({ reason: 'options-form-broken', criterion: 'server' });
      expect(failure?.message).toMatch(/^server\.form\[4\] \(fill #project\): .*not visible/);
    });

    it('whose options in the address are refused says why', async () => {
      const { failure } = await failingVisit(
        testbed,
        'pia',
        withServer(testbed, { query: { course: 'alchemy' } }),
      );

      expect(failure).toMatchObject({ reason: 'options-form-broken' });
      expect(failure?.message).toMatch(/There is no such course/);
    });
  });
});
