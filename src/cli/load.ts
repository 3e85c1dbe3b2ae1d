import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load.ts';
import { renderProblems, renderWarnings } from '../config/message.ts';
import type { Terminal } from './terminal.ts';

/** The configuration at a path; null when it cannot be used, and every reason has then been written to stderr. */
export function loadOrExplain(path: string, { stderr }: Terminal): Config | null {
  try {
    const { config, warnings } = loadConfig(path);
    if (warnings.length > 0) stderr.write(`${renderWarnings(warnings)}\n`);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(`${renderProblems(error.problems)}\n`);
    return null;
  }
}
