#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import type { CheckOptions } from './cli/check.ts';
import { EXIT } from './cli/exit-status.ts';
import { type FleetFlags, addFleetOptions, fleetOf } from './cli/fleet-options.ts';
import { loadOrExplain } from './cli/load.ts';
import { criteriaList, duration, moment, positive } from './cli/parse-option.ts';
import { interruptSignal } from './cli/terminal.ts';
import type { Criterion } from './core/criterion.ts';
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

program
  .command('replay')
  .description(
    'what the configured criteria would have declared over recorded runs, against what was declared',
  )
  .addOption(configOption())
  .option(
    '--store <path>',
    'SQLite store with the runs; it is only read, even while a service holds it (default: the configured one)',
  )
  .option(
    '--from <time>',
    'only from here on, such as 2026-12-01T09:00Z (default: the first run on record)',
    moment,
  )
  .option('--to <time>', 'and only until here (default: the last run on record)', moment)
  .option('--json', 'print the result as JSON on stdout', false)
  .option('--picture <file>', 'write a timeline of every hub, as SVG')
  .action(async (options: ReplayFlags) => {
    const { replayRecord } = await import('./cli/replay.ts');
    const config = loadOrExplain(options.config, terminal);
    const { store = null, from = null, to = null, picture = null, json } = options;
    process.exitCode =
      config === null ? EXIT.usage : await replayRecord(config, { store, from, to, picture, json }, terminal);
  });

addFleetOptions(
  program
    .command('simulate')
    .description(
      'how the configured criteria do with a made-up fleet: false declarations, missed outages, time to declare',
    )
    .addOption(configOption())
    .option('--json', 'print the result as JSON on stdout', false),
).action(async ({ config: path, json, ...fleet }: FleetFlags & { config: string; json: boolean }) => {
  const { simulateFleet } = await import('./cli/simulate.ts');
  const config = loadOrExplain(path, terminal);
  process.exitCode =
    config === null ? EXIT.usage : simulateFleet(config, { fleet: fleetOf(fleet), json }, terminal);
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

interface ReplayFlags {
  readonly config: string;
  readonly store?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly json: boolean;
  readonly picture?: string;
}

function wishOf(hubs: readonly string[], flags: CheckFlags): CheckOptions {
  const { all, attempts, json, probes = null, deadline = null, evidence = null } = flags;
  return { hubs, all, attempts, json, probes, deadlineMs: deadline, evidence };
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? EXIT.passed : EXIT.usage;
}
