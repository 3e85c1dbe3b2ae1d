import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type Fault } from './faults.ts';
import { MissingOnMachine, findPython, prepare } from './prepare.ts';
import { type Testbed, startTestbed } from './testbed.ts';
import { statusOf } from './wait-for.ts';

/** Everything that belongs to a testbed names its folder somewhere. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(folder);
      } catch {
        return false;
      }
    });
}

describe('a testbed', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed();
  });
  afterAll(() => testbed.stop());

  const hub = (path: string) => statusOf(`${testbed.hubUrl}${path}`);

  it.each([
    ['hub-stopped', 'hub/health', 503],
    ['hub-frozen', 'hub/health', null],
    ['proxy-gone', 'hub/health', null],
    ['gateway-down', 'services/dask-gateway/api/version', 503],
    ['gateway-frozen', 'services/dask-gateway/api/version', null],
  ] as const satisfies readonly (readonly [Fault, string, number | null])[])(
    'is broken by %s at once and well again after healing',
    async (fault, path, status) => {
      await testbed.faults.break(fault);
      expect(await hub(path)).toBe(status);

      await testbed.faults.heal(fault);
      expect(await hub(path)).toBe(200);
    },
  );

  it('runs beside another one', async () => {
    await using other = await startTestbed({ users: ['solo'], basePath: '/jupyter/' });

    expect(other.hubUrl).toMatch(/\/jupyter\/$/);
    expect(await statusOf(`${other.hubUrl}hub/health`)).toBe(200);
    expect(await hub('hub/health')).toBe(200);
  });

  it('leaves no process and no file when it is stopped', async () => {
    const short = await startTestbed({ users: ['solo'] });
    expect(processesIn(short.folder).length).toBeGreaterThan(3);

    await short.stop();

    expect(processesIn(short.folder)).toEqual([]);
    expect(existsSync(short.folder)).toBe(false);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('leaves nothing when its starter ends by %s', async (signal) => {
    const starter = spawn(process.execPath, [join(import.meta.dirname, 'run.ts')], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [line] = await once(createInterface({ input: starter.stdout }), 'line');
    const { folder } = JSON.parse(String(line));

    starter.kill(signal);
    await once(starter, 'exit');

    await expect.poll(() => existsSync(folder), { timeout: 30_000 }).toBe(false);
    expect(processesIn(folder)).toEqual([]);
  });

  it('has a sentence for every fault', () => {
    expect(Object.values(FAULTS).every((sentence) => sentence.length > 10)).toBe(true);
  });
});

describe('preparing the machine', () => {
  it('takes no time when all is there', async () => {
    const said: string[] = [];

    await prepare((line) => said.push(line));

    expect(said).toEqual([]);
  });

  it('names the command that brings a missing Python', async () => {
    await expect(findPython(['no-such-python'])).rejects.toThrow(MissingOnMachine);
    await expect(findPython(['no-such-python'])).rejects.toThrow('apt-get install python3 python3-venv');
  });
});
