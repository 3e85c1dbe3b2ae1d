import { cp, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultSwitches } from './faults.ts';
import { Guard } from './guard.ts';
import { type Leftovers, findLeftovers } from './leftovers.ts';
import { venvFolder } from './environments.ts';
import { prepare } from './prepare.ts';
import { type ServiceName, servicesOf } from './services.ts';
import { type TestbedOptions, type TestbedSettings, overlaysOf, settingsFor } from './settings.ts';
import { faultSwitches } from './switches.ts';

/** A real JupyterHub with JupyterLab and dask-gateway on this machine. Several may run side by side. */
export interface Testbed extends AsyncDisposable {
  /** Ends with a slash. */
  readonly hubUrl: string;
  readonly users: readonly string[];
  /** The password of every user. */
  readonly password: string;
  /** May do everything on the hub. */
  readonly adminToken: string;
  /** Holds everything of this testbed; gone after `stop`. */
  readonly folder: string;
  /** Ports and tokens, for tests that disturb hub, proxy or gateway from outside. */
  readonly settings: TestbedSettings;
  readonly faults: FaultSwitches;
  leftovers(): Promise<Leftovers>;
  log(service: ServiceName): Promise<string>;
  /** Ends every process and removes every file. The same happens by itself when this process ends in any way. */
  stop(): Promise<void>;
}

export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const say = options.onProgress ?? (() => {});
  await prepare(say, overlaysOf(options));
  const folder = await mkdtemp(join(tmpdir(), 'bed-'));
  const guard = new Guard(join(venvFolder(), 'bin', 'python'), folder);
  try {
    const settings = await settingsFor(folder, options);
    await mkdir(join(folder, 'clusters'));
    await cp(join(import.meta.dirname, 'python/ipython'), join(folder, 'ipython'), { recursive: true });
    const services = servicesOf(settings, guard);
    // Hub and gateway take their seconds at the same time.
    const wanted = (['proxy', 'gateway', 'hub'] as const).filter(
      (name) => name !== 'gateway' || options.gateway !== false,
    );
    for (const name of wanted) await services.start(name);
    for (const name of wanted) await services.ready(name);
    return {
      hubUrl: services.hubUrl,
      users: settings.users,
      password: settings.password,
      adminToken: settings.adminToken,
      folder,
      settings,
      faults: faultSwitches(folder, guard, services),
      leftovers: () => findLeftovers(settings, services.hubUrl),
      log: (service) => readFile(join(folder, `${service}.log`), 'utf8'),
      stop: () => guard.stop(),
      [Symbol.asyncDispose]: () => guard.stop(),
    };
  } catch (error) {
    const logs = await Promise.all(
      ['hub', 'gateway', 'proxy'].map((name) =>
        readFile(join(folder, `${name}.log`), 'utf8').catch(() => ''),
      ),
    );
    await guard.stop();
    throw new Error(`the testbed did not start; last of its logs:\n${logs.join('\n').slice(-3000)}`, {
      cause: error,
    });
  }
}
