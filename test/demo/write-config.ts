import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Environment variables through which the demo hands its secrets to the service. */
export const SECRETS = {
  password: 'DEMO_HUB_PASSWORD',
  github: 'DEMO_GITHUB_TOKEN',
  webhook: 'DEMO_WEBHOOK_URL',
} as const;

export interface DemoPlaces {
  readonly folder: string;
  readonly port: number;
  readonly hubUrl: string;
  readonly users: readonly string[];
  readonly github: { readonly url: string; readonly repository: string };
}

/** What a scenario has otherwise than the demo. */
export interface DemoWishes {
  /** Configured hubs by user name, all of them the same JupyterHub; left out: one, called `demo`. */
  readonly hubs?: readonly { readonly name: string; readonly user: string }[];
  /** The cluster that all of them are in. */
  readonly cluster?: string;
  readonly probes?: readonly string[];
  readonly schedule?: string;
  readonly jitter?: string;
  /** Over the demo's own. */
  readonly criteria?: Readonly<Record<string, unknown>>;
  /** Whether it has an address outside to suspect itself by, when nearly all hubs fail at once. */
  readonly asksOutside?: boolean;
  /** Whether somebody is told by webhook too. */
  readonly webhook?: boolean;
}

/**
 * The configuration of the demo's service: the same as anybody's, with times short enough to watch.
 * @returns the path for `--config`.
 */
export async function writeConfig(
  { folder, port, hubUrl, users, github }: DemoPlaces,
  wishes: DemoWishes,
): Promise<string> {
  const hubs = wishes.hubs ?? [{ name: 'demo', user: users[0] ?? '' }];
  const config = {
    service: {
      listen: { host: '127.0.0.1', port },
      publicUrl: `http://127.0.0.1:${port}/`,
      store: { kind: 'sqlite', path: join(folder, 'data', 'hubcanary.db') },
      confirmations: { spread: '0s' },
      evidence: { directory: join(folder, 'data', 'evidence') },
      ...(wishes.asksOutside === true ? { reachability: [`${github.url}/`] } : {}),
    },
    hubs: hubs.map(({ name, user }) => ({
      name,
      url: hubUrl,
      cluster: wishes.cluster,
      schedule: wishes.schedule ?? '*/5 * * * * *',
      jitter: wishes.jitter ?? '0s',
      deadline: '3m',
      login: { kind: 'password', username: user, password: { env: SECRETS.password } },
      probes: wishes.probes ?? ['login', 'server', 'dask'],
      server: { startTimeout: '60s', failureLimit: 0 },
      dask: { startTimeout: '20s', workerTimeout: '20s' },
    })),
    criteria: {
      declare: { confirmAfter: ['2s'], consecutive: 2 },
      recover: { passes: 2, quietFor: '1s' },
      reopenWithin: '1m',
      ...wishes.criteria,
    },
    github: {
      repository: github.repository,
      apiUrl: github.url,
      auth: { token: { env: SECRETS.github } },
    },
    ...(wishes.webhook === true
      ? { notify: [{ kind: 'webhook', name: 'chat', url: { env: SECRETS.webhook }, format: 'slack' }] }
      : {}),
  };
  const path = join(folder, 'config.yaml');
  await mkdir(folder, { recursive: true });
  await writeFile(path, stringify(config));
  return path;
}
