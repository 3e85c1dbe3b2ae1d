import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { availableMemory, memoryKills } from '../../src/runner/memory.ts';

const MIB = 2 ** 20;
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

/** A machine as its files describe it. */
function machine(files: Readonly<Record<string, string | number>>) {
  const root = mkdtempSync(join(tmpdir(), 'memory-'));
  made.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${content}\n`);
  }
  return { proc: join(root, 'proc'), cgroup: join(root, 'cgroup') };
}

const meminfo = { 'proc/meminfo': `MemTotal:  8388608 kB\nMemAvailable:    4194304 kB\n` };

describe('the memory that is left', () => {
  it('is that of the machine where there is no control group', () => {
    expect(availableMemory(machine(meminfo))).toBe(4096 * MIB);
  });

  it('is below the limit of a container, page cache not counted (v2)', () => {
    const files = {
      ...meminfo,
      'proc/self/cgroup': '0::/',
      'cgroup/memory.max': 1024 * MIB,
      'cgroup/memory.current': 700 * MIB,
      'cgroup/memory.stat': `anon 1\ninactive_file ${150 * MIB}\nactive_file ${50 * MIB}`,
    };

    expect(availableMemory(machine(files))).toBe((1024 - 500) * MIB);
  });

  it('is that of the tightest group above us', () => {
    const files = {
      ...meminfo,
      'proc/self/cgroup': '0::/pod/container',
      'cgroup/pod/container/memory.max': 'max',
      'cgroup/pod/container/memory.current': 100 * MIB,
      'cgroup/pod/memory.max': 512 * MIB,
      'cgroup/pod/memory.current': 500 * MIB,
      'cgroup/pod/memory.stat': 'inactive_file 0',
    };

    expect(availableMemory(machine(files))).toBe(12 * MIB);
  });

  it('is read from version 1 of control groups, too', () => {
    const files = {
      ...meminfo,
      'proc/self/cgroup': '5:cpu,cpuacct:/a\n4:memory:/docker/x\n0::/',
      'cgroup/memory/docker/x/memory.limit_in_bytes': 600 * MIB,
      'cgroup/memory/docker/x/memory.usage_in_bytes': 650 * MIB,
      'cgroup/memory/docker/x/memory.stat': `cache 1\ntotal_inactive_file ${100 * MIB}\ntotal_active_file ${50 * MIB}`,
      'cgroup/memory/memory.limit_in_bytes': '9223372036854771712',
      'cgroup/memory/memory.usage_in_bytes': 1,
    };

    expect(availableMemory(machine(files))).toBe(100 * MIB);
  });

  it('is none when a limit is exceeded, and not known where nothing tells', () => {
    const files = { 'proc/self/cgroup': '0::/', 'cgroup/memory.max': 10, 'cgroup/memory.current': 20 };

    expect(availableMemory(machine(files))).toBe(0);
    expect(availableMemory(machine({}))).toBeNull();
  });

  it('is something on this machine', () => {
    expect(availableMemory()).toBeGreaterThan(MIB);
    expect(memoryKills()).toBeGreaterThanOrEqual(0);
  });
});

describe('kills for want of memory', () => {
  it.each([
    ['v2', { 'proc/self/cgroup': '0::/a', 'cgroup/a/memory.events': 'oom 3\noom_kill 2' }, 2],
    [
      'v1',
      { 'proc/self/cgroup': '4:memory:/a', 'cgroup/memory/a/memory.oom_control': 'under_oom 0\noom_kill 7' },
      7,
    ],
    ['nowhere', {}, 0],
  ])('are counted by the kernel (%s)', (_, files, count) => {
    expect(memoryKills(machine(files))).toBe(count);
  });
});
