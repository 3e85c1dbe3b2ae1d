#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { CheckOptions } from './cli/check.ts';
import { EXIT } from './cli/exit-status.ts';
import { loadOrExplain } from './cli/load.ts';
import { interruptSignal } from './cli/terminal.ts';
import { parseDuration } from './config/duration.ts';
import { CRITERIA, type Criterion } from './core/criterion.ts';
import { VERSION } from './version.ts';

/** Command line → command. What a command does is in `cli/`; each is loaded when it is wanted, so that none pays for the others. */

const terminal = { stdout: process.stdout, stderr: process.stderr, env: process.env };
const configOption = () =>
  new Option('--config <path>', 'YAML file, or folder of them').makeOptionMandatory();

const program = new Command('hubcanary')
  .description("Logs into JupyterHubs as a user would and says what users can't do.")
  .version(VERSION)
  .exitOverride();

program
  .command('serve')
  .description('the service: schedule, HTTP, metrics, incidents')
  .addOption(configOption())
  .action(async (options: { config: string }) => {
    const { serve } = await import('./cli/serve.ts');
    const config = loadOrExplain(options.config, terminal);
    process.exitCode = config === null ? EXIT.usage : await serve(config, terminal);
  });

program
  .command('check')
  .description('one run of the named hubs now')
  .argument('[hub...]', 'names of hubs in the configuration')
  .addOption(configOption())
  .option('--all', 'every configured hub', false)
  .option('--probes <list>', 'only these criteria, such as login,server', criteriaList)
  .option('--deadline <duration>', 'how long one run may take, such as 12m', duration)
  .option('--evidence <folder>', 'where evidence of a failure goes')
  .option('--attempts <n>', 'repeat after a failure, 30 s apart; the last run decides', positive, 1)
  .option('--json', 'print the run record (several hubs: an array) on stdout', false)
  .action(async (hubs: string[], options: CheckFlags) => {
    const { check } = await import('./cli/check.ts');
    const config = loadOrExplain(options.config, terminal);
    process.exitCode =
      config === null ? EXIT.usage : await check(config, wishOf(hubs, options), terminal, interruptSignal());
  });

const config = program.command('config').description('the configuration itself');
config
  .command('check')
  .description('every problem with its path and what to do; contacts nothing')
  .addOption(configOption())
  .action(async (options: { config: string }) => {
    const { configCheck } = await import('./cli/config.ts');
    process.exitCode = await configCheck({ path: options.config, ...terminal });
  });
config
  .command('schema')
  .description('JSON Schema of the configuration')
  .action(async () => {
    const { configSchema } = await import('./cli/config.ts');
    process.exitCode = configSchema(terminal);
  });

interface CheckFlags {
  readonly config: string;
  readonly all: boolean;
  readonly probes?: readonly Criterion[];
  readonly deadline?: number;
  readonly evidence?: string;
  readonly attempts: number;
  readonly json: boolean;
}

function wishOf(hubs: readonly string[], flags: CheckFlags): CheckOptions {
  const { all, attempts, json, probes = null, deadline = null, evidence = null } = flags;
  return { hubs, all, attempts, json, probes, deadlineMs: deadline, evidence };
}

function criteriaList(text: string): readonly Criterion[] {
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !CRITERIA.some((criterion) => criterion === name));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`unknown: ${unknown.join(', ')}; known: ${CRITERIA.join(', ')}.`);
  }
  return CRITERIA.filter((criterion) => wanted.includes(criterion));
}

function duration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === null) throw new InvalidArgumentError('a duration is written 90s, 12m or 24h.');
  return parsed;
}

function positive(text: string): number {
  const parsed = Number(text);
  if (!Number.isInteger(parsed) || parsed < 1) throw new InvalidArgumentError('a whole number from 1.');
  return parsed;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.passed : EXIT.usage;
}
