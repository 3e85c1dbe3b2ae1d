import { renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createSupervisor } from '../../src/runner/supervisor.ts';
import { hub } from '../core/hub.ts';

it('loses nothing that a run found out when its folder cannot be removed', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'supervisor-test-'));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const runsFolder = join(parent, 'runs');
  const said: string[] = [];
  const supervisor = createSupervisor({
    runsFolder,
    evidenceFolder: join(parent, 'evidence'),
    browser: { executable: join(parent, 'no-browser'), sandbox: 'auto' },
    reachability: [],
    memoryPerRunBytes: 2 ** 30,
    credentialFor: async ({ username }) => ({ username, password: 'never sent' }),
    now: () => new Date(),
    log: (_level, text) => said.push(text),
  });
  const order = {
    id: '01SUPERVISORTEST',
    hub: hub(),
    account: { username: 'probe', password: { env: 'NONE' } },
    trigger: 'demand',
    attempt: 1,
    probes: ['login'],
  } as const;

  const run = await supervisor(order, new AbortController().signal, ({ kind }) => {
    if (kind !== 'cleaning-up') return;
    // A file in its place: what is to be removed is in no folder any more.
    renameSync(runsFolder, join(parent, 'moved'));
    writeFileSync(runsFolder, '');
  });

  expect(run.failure?.message).not.toContain('the run could not be made');
  expect(run.failure?.reason).toBe('browser-missing');
  expect(said.join()).toMatch(/could not remove .*runs/);
});
