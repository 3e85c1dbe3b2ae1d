import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { configJsonSchema } from '../config/json-schema.ts';
import { loadConfig } from '../config/load.ts';
import { count, renderProblems, renderWarnings } from '../config/message.ts';
import { checkSecrets } from '../config/secret-reader.ts';
import type { Env } from '../config/secret.ts';
import { wantedSecrets } from '../config/wanted-secrets.ts';

interface Output {
  write(text: string): unknown;
}

interface CheckRequest {
  /** A YAML file or a folder of them. */
  readonly path: string;
  readonly env: Env;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** `hubcanary config check`: says every problem there is, missing secrets included. Exit status 0 or 2. Contacts nothing. */
export async function configCheck({ path, env, stdout, stderr }: CheckRequest): Promise<0 | 2> {
  try {
    const { config, warnings, place } = loadConfig(path);
    if (warnings.length > 0) stderr.write(`${renderWarnings(warnings)}\n`);
    const secrets = (await checkSecrets(config, env)).map(place);
    if (secrets.length > 0) {
      stderr.write(`${renderProblems(secrets)}\n`);
      return 2;
    }
    stdout.write(`${summary(config)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(`${renderProblems(error.problems)}\n`);
    return 2;
  }
}

/** `hubcanary config schema`: the JSON Schema of the configuration, for editors. Exit status 0. */
export function configSchema({ stdout }: { readonly stdout: Output }): 0 {
  stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return 0;
}

/** `ok: 3 hubs, 7 probes, 4 secrets, 1 maintenance window; incidents become issues in owner/infrastructure`. */
function summary(config: Config): string {
  const probes = config.hubs.reduce((sum, hub) => sum + hub.probes.length, 0);
  const windows = config.maintenance.length;
  const counts = [
    count(config.hubs.length, 'hub'),
    count(probes, 'probe'),
    count(wantedSecrets(config).length, 'secret'),
    ...(windows === 0 ? [] : [count(windows, 'maintenance window')]),
  ];
  const issues =
    config.github === null
      ? 'no issue is opened (no github section)'
      : `incidents become issues in ${config.github.repository}`;
  const others = config.notify.map(({ name }) => name);
  const told =
    others.length === 0 ? '' : `, and ${others.join(', ')} ${others.length === 1 ? 'is' : 'are'} told`;
  return `ok: ${counts.join(', ')}; ${issues}${told}`;
}
