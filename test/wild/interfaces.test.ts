import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { failingVisit, checkPasses, withServer } from './visit.ts';

/** Images of a release of their own on a hub of another, as after an upgrade of the hub alone. */
describe('what users’ servers show, and run code in', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({
      gateway: false,
      quirks: {
        users: {
          nils: { image: 'notebook-7', defaultUrl: '/tree' },
          clara: { image: 'notebook-7', defaultUrl: '/nbclassic/tree' },
          six: { image: 'notebook-6', defaultUrl: '/tree' },
          kai: { defaultUrl: '/lab', kernels: ['shell', 'science', 'python3'] },
          ren: { kernels: ['science'] },
        },
      },
    });
  });
  afterAll(() => testbed.stop());

  it.each([
    ['notebook 7', 'nils'],
    ['the classic notebook beside it', 'clara'],
    ['notebook 6', 'six'],
  ])('%s', async (_what, user) => {
    await checkPasses(testbed, user);
  });

  it('a server whose default kernel speaks no Python', async () => {
    await checkPasses(testbed, 'kai');
  });

  it('a server whose kernel has another name', async () => {
    await checkPasses(testbed, 'ren', withServer(testbed, { kernel: 'science' }));
  });

  it('says which kernels there are when the configured one is missing', async () => {
    const { failure } = await failingVisit(testbed, 'ren', {});

    expect(failure).toMatchObject({ reason: 'kernel-missing', attribution: 'image' });
    expect(failure?.message).toMatch(/no kernel "python3" here, only: science/);
  });
});
