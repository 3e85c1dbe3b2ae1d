import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { checkHub } from '../check-hub.ts';
import { canMount, folderOn, mountSmallDisk } from '../small-disk.ts';
import { workerFault } from '../worker-fault.ts';
import { ownFaults } from './own-side.ts';
import { tellEach } from './tell-each.ts';

tellEach('own', ownFaults, { startTimeoutSeconds: 60, httpTimeoutSeconds: 60 });

const login = { probes: ['login'] } as const;
const MAIN = join(import.meta.dirname, '../../../src/main.ts');

describe('our own machine', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  afterAll(() => testbed.stop());

  it.each(['clock-back', 'clock-forward'])('measures by a clock that nobody sets: %s', async (fault) => {
    let offsetMs = 0;
    await using checked = await checkHub(testbed, 'canary', {
      ...login,
      nodeOptions: workerFault(fault, 'submit the login form'),
      now: () => new Date(Date.now() + offsetMs),
      onEvent(event) {
        if (event.kind === 'step-started') offsetMs = fault === 'clock-back' ? -3_600_000 : 3_600_000;
      },
    });

    const { run } = checked;
    const wall = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
    expect(wall).toBeCloseTo(run.durationSeconds, 2);
    expect(run.durationSeconds).toBeLessThan(600);
    for (const { seconds } of run.steps) expect(seconds).toBeGreaterThanOrEqual(0);
    expect(run.steps.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0)).toBeLessThan(run.durationSeconds);
  });

  it.runIf(canMount())('that has no room for evidence tells the truth without it', async () => {
    await testbed.faults.break('login-raises');
    using disk = mountSmallDisk('size=1m');
    const evidenceFolder = folderOn(disk, 'evidence');
    disk.fill();

    await using checked = await checkHub(testbed, 'canary', { ...login, evidenceFolder });

    await testbed.faults.healAll();
    expect(checked.run).toMatchObject({
      outcome: 'failed',
      failure: { reason: 'login-error' },
      evidence: [],
    });
  });

  it.runIf(canMount())('without a network says so, and the command ends with 3', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alone-'));
    const config = {
      service: { reachability: ['https://192.0.2.2/'] },
      hubs: [
        {
          name: 'far',
          url: 'http://192.0.2.1/',
          login: { kind: 'password', username: 'x', password: { env: 'HUB_PASSWORD' } },
          probes: ['login'],
        },
      ],
    };
    await writeFile(join(folder, 'hubs.yaml'), JSON.stringify(config));
    const args = ['--net', process.execPath, MAIN, 'check', 'far', '--json', '--config', folder];
    const child = spawn('unshare', [...args, '--evidence', join(folder, 'evidence')], {
      env: { ...process.env, HUB_PASSWORD: 'x' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    await rm(folder, { recursive: true });

    expect(JSON.parse(stdout).failure).toMatchObject({ reason: 'network-down', attribution: 'probe' });
    expect(status).toBe(3);
  });
});
