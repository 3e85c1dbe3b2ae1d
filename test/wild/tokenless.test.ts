import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killProcess } from '../../src/runner/proc.ts';
import { ProcessTree } from '../../src/runner/process-tree.ts';
import { checkHub } from '../journey/check-hub.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { expectNothingLeft, checkPasses } from './visit.ts';

/** XSRF tokens are made in one way in JupyterHub 4.1 and in another in 6. */
describe.each(['hub-4.1', 'hub-6.1'] as const)('%s, where users may not make tokens', (hub) => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({ hub, quirks: { usersMintTokens: false } });
  });
  afterAll(() => testbed.stop());

  it('is visited with the browser’s session alone, which also follows the start and cleans up', async () => {
    const run = await checkPasses(testbed, 'canary', { probes: ['login', 'server', 'dask'] });

    expect(run.cleanup.removed.map(({ kind }) => kind)).toEqual(['cluster', 'kernel', 'server']);
    expect(run.steps.find(({ name }) => name === 'wait until it is ready')?.note).toMatch(/Server ready at/);
  });

  it('is cleaned up by the parent when the worker is killed', async () => {
    await using checked = await checkHub(testbed, 'maren', {
      probes: ['login', 'server'],
      onEvent(event, { id }) {
        if (event.kind !== 'step-started' || event.step !== 'run code and compare the answer') return;
        for (const pid of new ProcessTree(id).pids()) killProcess(pid);
      },
    });

    expect(checked.run.outcome).toBe('errored');
    expect(checked.run.cleanup).toMatchObject({ status: 'clean', removed: [{ kind: 'server' }] });
    await expectNothingLeft(testbed);
  });
});
