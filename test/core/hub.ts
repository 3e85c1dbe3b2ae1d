import { type Hub, HUBS_OWN_LOGIN_PAGE } from '../../src/core/hub.ts';

/** A hub like many others. */
export function hub(change: Partial<Hub> = {}): Hub {
  return {
    name: 'staging',
    url: 'https://staging.example.org/',
    cluster: 'gke-1',
    identityProvider: null,
    canary: false,
    tier: 'production',
    login: {
      kind: 'password',
      username: 'probe',
      password: { env: 'STAGING_PASSWORD' },
      selectors: HUBS_OWN_LOGIN_PAGE,
      steps: [],
    },
    secondAccount: null,
    probes: ['login', 'server'],
    schedule: '*/10 * * * *',
    jitterMs: 0,
    maxLoginsPerHour: null,
    deadlineMs: 900_000,
    answerTimeoutMs: 60_000,
    tls: { ca: null },
    cleanupTimeoutMs: 120_000,
    server: {
      profile: null,
      profileOptions: {},
      form: [],
      query: {},
      name: '',
      kernel: 'python3',
      startTimeoutMs: 600_000,
      failureLimit: 0,
      slowAfterMs: 120_000,
      interfaceTimeoutMs: 90_000,
      kernelTimeoutMs: 60_000,
    },
    dask: {
      workers: 1,
      clusterOptions: {},
      startTimeoutMs: 300_000,
      workerTimeoutMs: 600_000,
      requestTimeoutMs: 30_000,
      computeTimeoutMs: 60_000,
    },
    ...change,
  };
}
