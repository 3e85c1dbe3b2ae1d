import { join } from 'node:path';
import type { Guard, ServiceStart } from './guard.ts';
import { venvFolder } from './environments.ts';
import type { TestbedSettings } from './settings.ts';
import { statusOf, waitFor } from './wait-for.ts';

const HERE = import.meta.dirname;
const NODE_BIN = join(HERE, '../../node_modules/.bin');

export type ServiceName = 'proxy' | 'hub' | 'gateway';

/** The three services of a testbed: how each is started and when it is ready. */
export function servicesOf(settings: TestbedSettings, guard: Guard) {
  const { ports, folder, basePath } = settings;
  const bin = join(venvFolder(), 'bin');
  const hubBin = join(venvFolder(settings.hub), 'bin');
  const { domain } = settings.quirks;
  const hubUrl = `http://${domain ?? '127.0.0.1'}:${ports.public}${basePath}`;
  // With sub-domain hosts services have one of their own, and users' notebooks are told the gateway's own address.
  const gatewayHost = domain === null ? `127.0.0.1:${ports.public}` : `127.0.0.1:${ports.gateway}`;
  const gatewayUrl = `http://${gatewayHost}${basePath}services/dask-gateway`;
  const env = {
    PATH: `${hubBin}:${bin}:${NODE_BIN}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    LANG: 'C.UTF-8',
    PYTHONPATH: join(HERE, 'python'),
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    TESTBED: JSON.stringify(settings),
    TESTBED_GATEWAY: gatewayUrl,
    TESTBED_FAULTS: join(folder, 'faults.json'),
    CONFIGPROXY_AUTH_TOKEN: settings.proxyToken,
  };
  const start = (name: ServiceName, argv: readonly string[]): ServiceStart => ({
    argv,
    env,
    cwd: folder,
    log: join(folder, `${name}.log`),
  });
  const hubPage = `http://127.0.0.1:${ports.hub}${basePath}hub`;
  const starts: Readonly<Record<ServiceName, ServiceStart>> = {
    proxy: start('proxy', [
      join(NODE_BIN, 'node'),
      join(NODE_BIN, 'configurable-http-proxy'),
      '--ip',
      '127.0.0.1',
      '--port',
      String(ports.public),
      '--api-ip',
      '127.0.0.1',
      '--api-port',
      String(ports.proxyApi),
      '--error-target',
      `${hubPage}/error`,
      ...(domain === null ? [] : ['--host-routing']),
    ]),
    hub: start('hub', [
      join(hubBin, 'python'),
      '-m',
      'jupyterhub',
      '-f',
      join(HERE, 'python/jupyterhub_config.py'),
    ]),
    gateway: start('gateway', [
      join(bin, 'dask-gateway-server'),
      '-f',
      join(HERE, 'python/gateway_config.py'),
    ]),
  };
  const ready: Readonly<Record<ServiceName, () => Promise<boolean>>> = {
    proxy: async () => (await statusOf(`http://127.0.0.1:${ports.proxyApi}/api/routes`)) === 403,
    hub: async () => (await statusOf(`${hubUrl}hub/health`)) === 200,
    gateway: async () => (await statusOf(`${gatewayUrl}/api/version`)) === 200,
  };
  return {
    hubUrl,
    start: (name: ServiceName) => guard.start(name, starts[name]),
    ready: (name: ServiceName) => waitFor(`the testbed's ${name} to be ready`, ready[name], 60_000),
    answers: (name: ServiceName) => ready[name](),
  };
}

export type Services = ReturnType<typeof servicesOf>;
