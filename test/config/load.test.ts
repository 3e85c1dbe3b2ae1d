import { describe, expect, it } from 'vitest';
import { HUBS_OWN_LOGIN_PAGE } from '../../src/core/hub.ts';
import { loadConfig } from '../../src/config/load.ts';
import { aConfig, aFolder } from './config-files.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('loadConfig', () => {
  it('gives a run as long as its limits come to, when nothing else is said', () => {
    const deadline = (hub: string) => loadConfig(aConfig({ hub })).config.hubs[0]?.deadlineMs;

    expect(deadline('probes: [login, server, dask]')).toBe(30 * MINUTE);
    expect(deadline('server: {startTimeout: 20m}')).toBe(23.5 * MINUTE);
    expect(deadline('probes: [login]')).toBe(15 * MINUTE);
    expect(deadline('deadline: 12m')).toBe(12 * MINUTE);
  });

  it('applies every default', () => {
    const { config, warnings } = loadConfig(aConfig());

    expect(warnings).toEqual([]);
    expect(config).toEqual({
      service: {
        listen: { host: '127.0.0.1', port: 8080 },
        publicUrl: null,
        store: { kind: 'sqlite', path: 'data/hubcanary.db' },
        concurrency: 2,
        confirmations: { atOnce: 2, atOncePerCluster: 1, spreadMs: 15 * SECOND },
        memoryPerRunBytes: 1024 ** 3,
        runs: { maxAgeMs: 90 * 24 * 60 * MINUTE },
        evidence: {
          directory: 'data/evidence',
          maxAgeMs: 14 * 24 * 60 * MINUTE,
          maxSizeBytes: 2 * 1024 ** 3,
        },
        browser: { executable: null, sandbox: 'auto' },
        tokens: [],
        reachability: [],
      },
      hubs: [
        {
          name: 'staging',
          url: 'https://staging.example.org/base/',
          cluster: null,
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
          jitterMs: 60 * SECOND,
          maxLoginsPerHour: null,
          deadlineMs: 15 * MINUTE,
          answerTimeoutMs: 60 * SECOND,
          tls: { ca: null },
          cleanupTimeoutMs: 2 * MINUTE,
          server: {
            profile: null,
            profileOptions: {},
            form: [],
            query: {},
            name: '',
            kernel: 'python3',
            startTimeoutMs: 10 * MINUTE,
            failureLimit: 5,
            slowAfterMs: 2 * MINUTE,
            interfaceTimeoutMs: 1.5 * MINUTE,
            kernelTimeoutMs: MINUTE,
          },
          dask: {
            workers: 1,
            clusterOptions: {},
            startTimeoutMs: 5 * MINUTE,
            workerTimeoutMs: 10 * MINUTE,
            requestTimeoutMs: MINUTE / 2,
            computeTimeoutMs: MINUTE,
          },
        },
      ],
      criteria: {
        declare: {
          confirmAfterMs: [45 * SECOND, 90 * SECOND],
          consecutive: 2,
          persistForMs: 30 * MINUTE,
        },
        recover: { passes: 3, quietForMs: 15 * MINUTE },
        reopenWithinMs: 24 * 60 * MINUTE,
        flapping: { cycles: 3, withinMs: 24 * 60 * MINUTE, steadyForMs: 4 * 60 * MINUTE },
        group: { waitMs: 120 * SECOND, hubs: 2, share: 0.5 },
      },
      maintenance: [],
      github: null,
      notify: [],
    });
  });

  it('merges defaults under a hub, section by section', () => {
    const folder = aFolder({
      'defaults.yaml': [
        'defaults:',
        '  schedule: "*/20 * * * *"',
        '  login: {kind: password, username: probe, password: {env: SHARED}}',
        '  probes: [login, server, dask]',
        '  server: {kernel: ir, startTimeout: 5m}',
        '  dask: {clusterOptions: {image: a, worker_cores: 1}}',
      ].join('\n'),
      'hubs.yml': [
        'hubs:',
        '  - {name: a, url: https://a.example.org}',
        '  - name: b',
        '    url: https://b.example.org',
        '    login: {password: {file: /run/secrets/b}}',
        '    probes: [server, login]',
        '    server: {startTimeout: 3m}',
        '    dask: {clusterOptions: {worker_cores: 2}}',
      ].join('\n'),
      'notes.txt': 'not read',
      '.hidden.yaml': 'nor is this: [',
    });

    const [a, b] = loadConfig(folder).config.hubs;

    expect(a).toMatchObject({
      schedule: '*/20 * * * *',
      login: { username: 'probe', password: { env: 'SHARED' } },
      probes: ['login', 'server', 'dask'],
      server: { kernel: 'ir', startTimeoutMs: 5 * MINUTE },
      dask: { clusterOptions: { image: 'a', worker_cores: 1 } },
    });
    expect(b).toMatchObject({
      schedule: '*/20 * * * *',
      login: { kind: 'password', username: 'probe', password: { file: '/run/secrets/b' } },
      probes: ['login', 'server'],
      server: { kernel: 'ir', startTimeoutMs: 3 * MINUTE },
      dask: { clusterOptions: { image: 'a', worker_cores: 2 } },
    });
    expect(b?.login.password).toEqual({ file: '/run/secrets/b' });
  });

  it('takes a second account from the defaults, its secret from one place only', () => {
    const sections = 'defaults:\n  secondAccount: {username: probe-2, password: {env: SECOND}}';
    const folder = aConfig({ sections });

    expect(loadConfig(folder).config.hubs[0]?.secondAccount).toEqual({
      username: 'probe-2',
      password: { env: 'SECOND' },
    });
  });

  it('takes a section whose lines are all commented out as not written', () => {
    const { config } = loadConfig(
      aConfig({ sections: 'service:\ndefaults:\nmaintenance:\ngithub:\ncriteria:' }),
    );

    expect(config).toMatchObject({ github: null, maintenance: [], service: { concurrency: 2 } });
  });

  it('brings addresses and times into one form', () => {
    const sections = [
      'service: {publicUrl: https://canary.example.org/base}',
      'github: {repository: owner/name, apiUrl: https://github.example.org/api/v3/, auth: {token: {env: T}}}',
      'maintenance: [{hubs: [staging], from: 2026-12-01T10:00+01:00, to: 2026-12-01T11:00:30Z, reason: upgrade}]',
    ].join('\n');

    const { config } = loadConfig(aConfig({ sections }));

    expect(config).toMatchObject({
      service: { publicUrl: 'https://canary.example.org/base/' },
      github: { apiUrl: 'https://github.example.org/api/v3', auth: { token: { env: 'T' } } },
      maintenance: [{ from: '2026-12-01T09:00:00.000Z', to: '2026-12-01T11:00:30.000Z' }],
    });
  });

  it('gives a configuration that nobody can change', () => {
    const { config } = loadConfig(aConfig());

    expect(Object.isFrozen(config.hubs[0]?.server.profileOptions)).toBe(true);
  });

  it('points to the defaults where a value comes from there', () => {
    const path = aConfig({ sections: 'defaults:\n  tier: staging\n  deadline: 5m' });

    expect(() => loadConfig(path)).toThrow(`${path}:7  hubs[0].deadline: 5m is over before`);
  });
});
