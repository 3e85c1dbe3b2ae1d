import { constants } from 'node:os';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, FaultSwitches } from './faults.ts';
import type { Guard } from './guard.ts';
import type { ServiceName, Services } from './services.ts';
import { waitFor } from './wait-for.ts';

const { SIGKILL, SIGSTOP, SIGCONT } = constants.signals;

/** Faults of a whole process; all others are read by the Python side from a file at every question. */
const PROCESS_FAULTS = new Map<Fault, { readonly service: ServiceName; readonly how: 'killed' | 'frozen' }>([
  ['hub-stopped', { service: 'hub', how: 'killed' }],
  ['hub-frozen', { service: 'hub', how: 'frozen' }],
  ['proxy-gone', { service: 'proxy', how: 'killed' }],
  ['gateway-down', { service: 'gateway', how: 'killed' }],
  ['gateway-frozen', { service: 'gateway', how: 'frozen' }],
]);

export function faultSwitches(folder: string, guard: Guard, services: Services): FaultSwitches {
  const on = new Set<Fault>();

  async function write(): Promise<void> {
    const path = join(folder, 'faults.json');
    await writeFile(`${path}.new`, JSON.stringify([...on]));
    await rename(`${path}.new`, path);
  }

  async function heal(fault: Fault): Promise<void> {
    if (!on.delete(fault)) return;
    await write();
    const { service, how } = PROCESS_FAULTS.get(fault) ?? {};
    if (service === undefined) return;
    if (how === 'frozen') await guard.signal(service, SIGCONT);
    else await services.start(service);
    await services.ready(service);
    // A new proxy has no routes until the hub has looked after it.
    if (service === 'proxy') for (const behind of ['hub', 'gateway'] as const) await services.ready(behind);
  }

  return {
    on: () => [...on],
    async break(fault) {
      if (on.has(fault)) return;
      on.add(fault);
      await write();
      const { service, how } = PROCESS_FAULTS.get(fault) ?? {};
      if (service === undefined) return;
      await guard.signal(service, how === 'killed' ? SIGKILL : SIGSTOP);
      await waitFor(`${fault} to be in force`, async () => !(await services.answers(service)));
    },
    heal,
    async healAll() {
      for (const fault of on) await heal(fault);
    },
  };
}
