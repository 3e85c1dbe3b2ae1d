import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { SecretReader } from '../config/secret-reader.ts';
import type { Runner } from '../runner/runner.ts';
import { type SupervisorSettings, createSupervisor } from '../runner/supervisor.ts';

/** Start of the names of all folders in which runs keep their temporary files; the owner's process id follows. */
export const RUNS_FOLDER_PREFIX = 'hubcanary-';

/** The runner as every command uses it: real worker processes, secrets from where the configuration says. */
export function runnerFor(
  { service }: Config,
  options: {
    readonly evidenceFolder: string;
    readonly readSecret: SecretReader;
    readonly log: SupervisorSettings['log'];
  },
): Runner {
  return createSupervisor({
    // Short: Chromium's sockets live below it, and their paths may have 107 bytes.
    runsFolder: join(tmpdir(), `${RUNS_FOLDER_PREFIX}${process.pid}`),
    evidenceFolder: resolve(options.evidenceFolder),
    browser: service.browser,
    reachability: service.reachability,
    memoryPerRunBytes: service.memoryPerRunBytes,
    credentialFor: async ({ username, password }) => ({
      username,
      password: await options.readSecret(password),
    }),
    now: () => new Date(),
    log: options.log,
  });
}
