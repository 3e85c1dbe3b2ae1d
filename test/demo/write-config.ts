import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Environment variables through which the demo hands its secrets to the service. */
export const SECRETS = { password: 'DEMO_HUB_PASSWORD', github: 'DEMO_GITHUB_TOKEN' } as const;

export interface DemoPlaces {
  readonly folder: string;
  readonly port: number;
  readonly hubUrl: string;
  readonly user: string;
  readonly github: { readonly url: string; readonly repository: string };
}

/**
 * The configuration of the demo's service: the same as anybody's, with times short enough to watch.
 * @returns the path for `--config`.
 */
export async function writeConfig({ folder, port, hubUrl, user, github }: DemoPlaces): Promise<string> {
  const config = {
    service: {
      listen: { host: '127.0.0.1', port },
      publicUrl: `http://127.0.0.1:${port}/`,
      store: { kind: 'sqlite', path: join(folder, 'data', 'hubcanary.db') },
      confirmations: { spread: '0s' },
      evidence: { directory: join(folder, 'data', 'evidence') },
    },
    hubs: [
      {
        name: 'demo',
        url: hubUrl,
        schedule: '*/5 * * * * *',
        jitter: '0s',
        deadline: '3m',
        login: { kind: 'password', username: user, password: { env: SECRETS.password } },
        probes: ['login', 'server', 'dask'],
        server: { startTimeout: '60s', failureLimit: 0 },
        dask: { startTimeout: '20s', workerTimeout: '20s' },
      },
    ],
    criteria: {
      declare: { confirmAfter: ['2s'], consecutive: 2 },
      recover: { passes: 2, quietFor: '1s' },
      reopenWithin: '1m',
    },
    github: {
      repository: github.repository,
      apiUrl: github.url,
      auth: { token: { env: SECRETS.github } },
    },
  };
  const path = join(folder, 'config.yaml');
  await mkdir(folder, { recursive: true });
  await writeFile(path, stringify(config));
  return path;
}
