import { randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:net';

export interface TestbedOptions {
  readonly users?: readonly string[];
  readonly startTimeoutSeconds?: number;
  readonly httpTimeoutSeconds?: number;
  /** How long the hub holds a start request before it shows the pending page; 0 as on Kubernetes. */
  readonly slowSpawnSeconds?: number;
  readonly basePath?: string;
  readonly onProgress?: (line: string) => void;
}

/** What the Python side is told, as JSON in the variable `TESTBED`. */
export interface TestbedSettings {
  readonly folder: string;
  readonly users: readonly string[];
  readonly password: string;
  readonly basePath: string;
  readonly startTimeoutSeconds: number;
  readonly httpTimeoutSeconds: number;
  readonly slowSpawnSeconds: number;
  readonly adminToken: string;
  readonly gatewayToken: string;
  readonly proxyToken: string;
  readonly ports: Readonly<Record<'public' | 'hub' | 'proxyApi' | 'gateway' | 'gatewayApi', number>>;
}

export async function settingsFor(folder: string, options: TestbedOptions): Promise<TestbedSettings> {
  const [first, second, third, fourth, fifth] = await freePorts(5);
  return {
    folder,
    users: options.users ?? ['canary', 'maren', 'ada', 'grace'],
    password: secret(),
    basePath: options.basePath ?? '/',
    startTimeoutSeconds: options.startTimeoutSeconds ?? 60,
    httpTimeoutSeconds: options.httpTimeoutSeconds ?? 30,
    slowSpawnSeconds: options.slowSpawnSeconds ?? 0,
    adminToken: secret(),
    gatewayToken: secret(),
    proxyToken: secret(),
    ports: {
      public: first ?? 0,
      hub: second ?? 0,
      proxyApi: third ?? 0,
      gateway: fourth ?? 0,
      gatewayApi: fifth ?? 0,
    },
  };
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}

/** Held open together, so that all differ. Another program may take one before we do; the start then fails and says so. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listenAnywhere(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
