import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Service } from '../config/config.ts';
import { resolveSecret } from '../config/secret.ts';
import type { Runner } from '../runner/runner.ts';
import { type SupervisorSettings, createSupervisor } from '../runner/supervisor.ts';

/** The runner as every command uses it: real worker processes, secrets from where the configuration says. */
export function runnerFor(
  service: Pick<Service, 'browser' | 'reachability' | 'memoryPerRunBytes'> & {
    readonly evidenceFolder: string;
  },
  env: NodeJS.ProcessEnv,
  log: SupervisorSettings['log'],
): Runner {
  return createSupervisor({
    runsFolder: runsFolder(process.pid),
    evidenceFolder: resolve(service.evidenceFolder),
    browser: service.browser,
    reachability: service.reachability,
    memoryPerRunBytes: service.memoryPerRunBytes,
    credentialFor: async ({ name, login }) => ({
      username: login.username,
      password: await resolveSecret(login.password, env, `hub ${name}, login.password`),
    }),
    now: () => new Date(),
    log,
  });
}

/** Short: Chromium's sockets live below it, and their paths may have 107 bytes. */
function runsFolder(pid: number): string {
  return join(tmpdir(), `hubcanary-${pid}`);
}
