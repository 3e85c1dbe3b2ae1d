import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the numbers come from; another folder in tests. */
export interface MemoryRoots {
  readonly proc: string;
  readonly cgroup: string;
}

const ROOTS: MemoryRoots = { proc: '/proc', cgroup: '/sys/fs/cgroup' };

/** A cgroup v1 without a limit says a number near 2^63. */
const NO_LIMIT = 2 ** 60;

/**
 * Bytes that more processes may use before somebody is killed for it: the least of what the machine has left
 * (`MemAvailable`) and what our control groups, and those above them, have left below their limits (v2 and v1). Page cache
 * does not count as used, be it in use lately or not: the kernel gives it back before it kills anybody, and `MemAvailable`
 * counts it so too (mm/show_mem.c, si_mem_available).
 * @returns null where nothing can be read: then nothing is known, which is no reason to do nothing.
 */
export function availableMemory(roots: MemoryRoots = ROOTS): number | null {
  const left = [ofMachine(roots), ...groupsOf(roots).map(leftIn)].filter((bytes) => bytes !== null);
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}

/** How often the kernel has killed a process in our control group for want of memory; 0 where that is not told. */
export function memoryKills(roots: MemoryRoots = ROOTS): number {
  const kills = groupsOf(roots).map(({ folder, version }) => {
    const text = read(join(folder, version === 2 ? 'memory.events' : 'memory.oom_control'));
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  });
  return kills[0] ?? 0;
}

interface Group {
  readonly folder: string;
  readonly version: 1 | 2;
}

/** Our own first, then those above it. In a container with a namespace of its own, `/` is its own group. */
function groupsOf({ proc, cgroup }: MemoryRoots): readonly Group[] {
  const lines = read(join(proc, 'self/cgroup')).split('\n');
  const v2 = lines.find((line) => line.startsWith('0::'))?.slice('0::'.length);
  const v1 = lines.find((line) => line.split(':')[1]?.split(',').includes('memory'))?.split(':')[2];
  return [
    ...(v1 === undefined
      ? []
      : upwards(join(cgroup, 'memory'), v1).map((folder) => ({ folder, version: 1 as const }))),
    ...(v2 === undefined ? [] : upwards(cgroup, v2).map((folder) => ({ folder, version: 2 as const }))),
  ];
}

function upwards(root: string, path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, cut) =>
    join(root, ...parts.slice(0, parts.length - cut)),
  );
}

function leftIn({ folder, version }: Group): number | null {
  const [limitFile, usedFile, prefix] =
    version === 2
      ? ['memory.max', 'memory.current', '']
      : ['memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_'];
  const limit = numberIn(read(join(folder, limitFile)));
  const used = numberIn(read(join(folder, usedFile)));
  if (limit === null || used === null || limit >= NO_LIMIT) return null;
  const stat = read(join(folder, 'memory.stat'));
  const cached = ['inactive_file', 'active_file'].map((name) =>
    Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0),
  );
  return limit - used + cached.reduce((sum, bytes) => sum + bytes, 0);
}

function ofMachine({ proc }: MemoryRoots): number | null {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(read(join(proc, 'meminfo')))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** `max` is no number: there is no limit. */
function numberIn(text: string): number | null {
  const digits = /^\d+$/.exec(text.trim());
  return digits === null ? null : Number(digits[0]);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not on this machine, or not for us.
    return '';
  }
}
