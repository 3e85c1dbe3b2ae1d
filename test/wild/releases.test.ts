import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetch } from '../../src/jupyterhub/fetch.ts';
import type { TestbedOptions } from '../testbed/settings.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { askedFor, checkPasses } from './visit.ts';

/** Each release in another of the places where hubs are found. */
const RELEASES: Readonly<Record<string, TestbedOptions>> = {
  '4.1.6': { hub: 'hub-4.1' },
  '5.2.1': { hub: 'hub-5.2', basePath: '/jupyter/' },
  '6.1.1': { hub: 'hub-6.1', quirks: { domain: 'hub.localhost' } },
};

describe.each(Object.entries(RELEASES))('JupyterHub %s', (version, options) => {
  let testbed: Testbed;
  beforeAll(async () => {
    const quirks = { ...options.quirks, users: { kim: { form: 'profiles' } } } as const;
    testbed = await startTestbed({ ...options, quirks });
  });
  afterAll(() => testbed.stop());

  it('is visited from login to dask, and nothing is left', async () => {
    const run = await checkPasses(testbed, 'canary', { probes: ['login', 'server', 'dask'] });

    expect(run.hubVersion).toBe(version);
    expect(run.criteria).toEqual({ login: 'passed', server: 'passed', dask: 'passed' });
  });

  it('is asked for a profile and its options by the form of the KubeSpawner of its time', async () => {
    const server = { profile: 'large', profileOptions: { image: 'science' } };
    const asked = await askedFor(testbed, 'kim', server);

    expect(asked).toEqual({ profile: 'large', image: 'science', cpus: 'one' });
  });

  it('is rid of a start from before that is still under way', async () => {
    // The hub knows nobody who has never logged in.
    for (const [path, status] of [
      ['maren', 201],
      ['maren/server', 202],
    ] as const) {
      const answer = await fetch(`${testbed.hubUrl}hub/api/users/${path}`, {
        method: 'POST',
        headers: { authorization: `token ${testbed.adminToken}` },
      });
      expect(answer.status).toBe(status);
    }

    await checkPasses(testbed, 'maren');
  });
});
