import { parseArgs } from 'node:util';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import { playInteractively } from './interactive.ts';
import { playOnce } from './once.ts';
import { setStage } from './stage.ts';

/** `npm run demo`: everything on one machine. `--once [--criterion login|server|dask]` plays one round unattended. */
const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, criterion: { type: 'string', default: 'server' } },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function criterionOf(name: string): Criterion {
  const criterion = CRITERIA.find((known) => known === name);
  if (criterion !== undefined) return criterion;
  process.stderr.write(`unknown criterion "${name}": one of ${CRITERIA.join(', ')}\n`);
  process.exit(2);
}

const criterion = criterionOf(values.criterion);
await using stage = await setStage(say);
if (values.once) await playOnce(stage, criterion, say);
else await playInteractively(stage, say);
say('stopping everything');
