import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { residentSetSize } from '../../src/runner/proc.ts';
import { ProcessTree, RUN_VARIABLE } from '../../src/runner/process-tree.ts';

/** A process with a child that has left its parent behind, as a browser does when its worker is killed. */
async function startFamily(run: string) {
  const script = 'setsid sleep 300 & sleep 300 & echo ready; wait';
  const env = { PATH: process.env['PATH'], [RUN_VARIABLE]: run };
  const parent = spawn('bash', ['-c', script], { detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(parent.stdout, 'data');
  return parent;
}

describe('the processes of a run', () => {
  const run = `test-${process.pid}`;
  afterEach(() => new ProcessTree(run).kill());

  it('are found by its mark, sessions included, and no others', async () => {
    const parent = await startFamily(run);

    expect(new ProcessTree(run).pids()).toHaveLength(3);
    expect(new ProcessTree(run).pids()).toContain(parent.pid);
    expect(new ProcessTree(`${run}-other`).pids()).toEqual([]);
  });

  it('are all gone after kill, also when the parent went first', async () => {
    const parent = await startFamily(run);
    parent.kill('SIGKILL');
    await once(parent, 'exit');

    await new ProcessTree(run).kill();

    expect(new ProcessTree(run).pids()).toEqual([]);
  });

  it('use memory', async () => {
    await startFamily(run);

    expect(new ProcessTree(run).memory()).toBeGreaterThan(100_000);
  });

  it('use more than a limit, or not, with what they share counted once', async () => {
    await startFamily(run);
    const tree = new ProcessTree(run);
    const used = tree.memory();
    const held = tree.pids().reduce((sum, pid) => sum + residentSetSize(pid), 0);

    expect(tree.memoryAbove(used / 2)).toBeGreaterThan(used / 2);
    expect(tree.memoryAbove((used + held) / 2)).toBeNull();
    expect(tree.memoryAbove(2 * held)).toBeNull();
  });
});
