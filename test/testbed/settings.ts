import { randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:net';
import { type Overlay, venvFolder } from './environments.ts';

export interface TestbedOptions {
  /** JupyterHub and KubeSpawner of another release than the base environment's. */
  readonly hub?: HubRelease;
  /** The hub's users; those with quirks are added by themselves. */
  readonly users?: readonly string[];
  readonly quirks?: Quirks;
  /** Of every user; a random one by default. */
  readonly password?: string;
  readonly startTimeoutSeconds?: number;
  readonly httpTimeoutSeconds?: number;
  /** How long the hub holds a start request before it shows the pending page; 0 as on Kubernetes. */
  readonly slowSpawnSeconds?: number;
  readonly basePath?: string;
  /** The hub exits after this many failed starts in a row; 0, as JupyterHub has it, for never. */
  readonly consecutiveFailureLimit?: number;
  /** Whether there is a dask-gateway beside the hub; left out: yes. */
  readonly gateway?: boolean;
  readonly onProgress?: (line: string) => void;
}

/** What is special about this hub; left out: nothing. */
export interface Quirks {
  /** By user name. */
  readonly users?: Readonly<Record<string, UserQuirks>>;
  /** Users' servers get sub-domains of this name. */
  readonly domain?: string;
  /** A checkbox for terms in the hub's own page, or a page of the operator's own, which forgets where its user wanted to go. */
  readonly loginPage?: 'terms' | 'own';
  /** After a login without a wish of its own, users are sent to a page that is not made from the hub's templates. */
  readonly welcomePage?: boolean;
  /** False: the roles leave users without the right to make tokens. */
  readonly usersMintTokens?: boolean;
}

/** What is special about the servers of one user. */
export interface UserQuirks {
  /** KubeSpawner's own form, jupyterhub-fancy-profiles, or HTML written by hand. */
  readonly form?: 'profiles' | 'fancy-profiles' | 'plain';
  /** What the server is made from; left out: JupyterLab. */
  readonly image?: NotebookImage;
  readonly defaultUrl?: string;
  /** Names of its kernelspecs; the first is the server's default, `shell` speaks no Python. */
  readonly kernels?: readonly string[];
}

type HubRelease = Extract<Overlay, `hub-${string}`>;
type NotebookImage = Extract<Overlay, `notebook-${string}`>;

/** What the Python side is told, as JSON in the variable `TESTBED`. */
export interface TestbedSettings {
  readonly folder: string;
  readonly users: readonly string[];
  readonly password: string;
  readonly basePath: string;
  readonly hub: HubRelease | null;
  readonly quirks: Required<Omit<Quirks, 'domain' | 'loginPage'>> & {
    readonly domain: string | null;
    readonly loginPage: Quirks['loginPage'] | null;
    /** Where the environments of the users' images are, by name. */
    readonly images: Readonly<Partial<Record<NotebookImage, string>>>;
  };
  readonly startTimeoutSeconds: number;
  readonly httpTimeoutSeconds: number;
  readonly slowSpawnSeconds: number;
  readonly consecutiveFailureLimit: number;
  readonly adminToken: string;
  readonly gatewayToken: string;
  readonly proxyToken: string;
  readonly ports: Readonly<Record<'public' | 'hub' | 'proxyApi' | 'gateway' | 'gatewayApi', number>>;
}

export async function settingsFor(folder: string, options: TestbedOptions): Promise<TestbedSettings> {
  const quirks = options.quirks ?? {};
  const [first, second, third, fourth, fifth] = await freePorts(5);
  return {
    folder,
    users: [...(options.users ?? ['canary', 'maren', 'ada', 'grace']), ...Object.keys(quirks.users ?? {})],
    password: options.password ?? secret(),
    basePath: options.basePath ?? '/',
    hub: options.hub ?? null,
    quirks: {
      users: quirks.users ?? {},
      domain: quirks.domain ?? null,
      loginPage: quirks.loginPage ?? null,
      welcomePage: quirks.welcomePage ?? false,
      usersMintTokens: quirks.usersMintTokens ?? true,
      images: Object.fromEntries(imagesOf(options).map((image) => [image, venvFolder(image)])),
    },
    startTimeoutSeconds: options.startTimeoutSeconds ?? 150,
    httpTimeoutSeconds: options.httpTimeoutSeconds ?? 120,
    slowSpawnSeconds: options.slowSpawnSeconds ?? 0,
    consecutiveFailureLimit: options.consecutiveFailureLimit ?? 0,
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

/** Every environment that a testbed needs beside the base. */
export function overlaysOf(options: TestbedOptions): readonly Overlay[] {
  return [...(options.hub === undefined ? [] : [options.hub]), ...imagesOf(options)];
}

function imagesOf({ quirks }: TestbedOptions): readonly NotebookImage[] {
  return Object.values(quirks?.users ?? {}).flatMap(({ image }) => (image === undefined ? [] : [image]));
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
