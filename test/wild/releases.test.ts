import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestbedOptions } from '../testbed/settings.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { visit } from './visit.ts';

/** Each release in another of the places where hubs are found. */
const RELEASES: Readonly<Record<string, TestbedOptions>> = {
  '4.1.6': { hub: 'hub-4.1' },
  '5.2.1': { hub: 'hub-5.2', basePath: '/jupyter/' },
  '6.1.1': { hub: 'hub-6.1', quirks: { domain: 'hub.localhost' } },
};

describe.each(Object.entries(RELEASES))('JupyterHub %s', (version, options) => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed(options);
  });
  afterAll(() => testbed.stop());

  it('is visited from login to dask, and nothing is left', async () => {
    const run = await visit(testbed, 'canary', { probes: ['login', 'server', 'dask'] });

    expect(run.hubVersion).toBe(version);
    expect(run.criteria).toEqual({ login: 'passed', server: 'passed', dask: 'passed' });
  });
});
