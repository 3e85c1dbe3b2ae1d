import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { accountOf } from '../../src/core/hub.ts';
import type { Hub } from '../../src/core/hub.ts';
import { ProcessTree } from '../../src/runner/process-tree.ts';
import { createSupervisor } from '../../src/runner/supervisor.ts';

/** What the doomed process is told. */
interface Doom {
  readonly id: string;
  readonly hub: Hub;
  readonly password: string;
  readonly folder: string;
}

const Event = z.object({ kind: z.string(), step: z.unknown().optional() });

/** A run of a process of its own, of which nothing survives the beginning of `step`: neither it, nor worker, nor browser. */
export async function runAndKillAll(
  hub: Hub,
  password: string,
  { id, step }: { readonly id: string; readonly step: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'doomed-'));
  const doom: Doom = { id, hub, password, folder };
  const parent = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    env: { ...process.env, DOOM: JSON.stringify(doom) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(parent, 'exit');
  const heard: string[] = [];
  let struck = false;
  try {
    for await (const line of createInterface({ input: parent.stdout })) {
      const event = Event.parse(JSON.parse(line));
      heard.push(line);
      if (event.kind !== 'step-started' || event.step !== step) continue;
      struck = true;
      // The parent first, or it would clean up; then the worker, before it notices.
      const tree = new ProcessTree(id);
      parent.kill('SIGKILL');
      await tree.kill();
    }
    await ended;
    if (!struck) throw new Error(`the run never came to "${step}": ${heard.slice(-3).join(' ')}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  // What our own test said a moment ago.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { id, hub, password, folder } = JSON.parse(process.env['DOOM'] ?? '') as Doom;
  const runner = createSupervisor({
    evidenceFolder: join(folder, 'evidence'),
    runsFolder: join(folder, 'runs'),
    browser: { executable: null, sandbox: 'auto' },
    reachability: [],
    memoryPerRunBytes: 2 ** 30,
    credentialFor: async ({ username }) => ({ username, password }),
    now: () => new Date(),
    log: () => {},
  });
  const order = {
    id,
    hub,
    account: accountOf(hub),
    trigger: 'schedule',
    attempt: 1,
    probes: hub.probes,
  } as const;
  await runner(order, new AbortController().signal, (event) => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
  });
}
