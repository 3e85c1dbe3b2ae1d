import { parseArgs } from 'node:util';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import { playInteractively } from './interactive.ts';
import { playOnce } from './once.ts';
import { playScenario } from './play-scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { setStage } from './stage.ts';

/**
 * `npm run demo`: everything on one machine. `--once [--criterion login|server|dask]` plays one round unattended,
 * `--scenario NAME` a whole story, which is checked; `--list` names them.
 */
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    criterion: { type: 'string', default: 'server' },
    scenario: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wrongUsage(line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(2);
}

function criterionOf(name: string): Criterion {
  const criterion = CRITERIA.find((known) => known === name);
  return criterion ?? wrongUsage(`unknown criterion "${name}": one of ${CRITERIA.join(', ')}`);
}

function listed(): string {
  return [...SCENARIOS].map(([name, { sentence }]) => `${name.padEnd(16)}${sentence}`).join('\n');
}

async function scenario(name: string): Promise<void> {
  const found = SCENARIOS.get(name) ?? wrongUsage(`unknown scenario "${name}"; there are:\n${listed()}`);
  say(found.sentence);
  await playScenario(found, say);
  say(`${name}: ended as it has to`);
}

async function demo(criterion: Criterion): Promise<void> {
  await using stage = await setStage(say);
  if (values.once) await playOnce(stage, criterion, say);
  else await playInteractively(stage, say);
  say('stopping everything');
}

if (values.list) say(listed());
else if (values.scenario !== undefined) await scenario(values.scenario);
else await demo(criterionOf(values.criterion));
