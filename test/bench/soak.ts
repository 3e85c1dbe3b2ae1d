import { parseArgs } from 'node:util';
import { readFile, writeFile } from 'node:fs/promises';
import { prepare } from '../testbed/prepare.ts';
import { type SoakTotals, addPiece, emptyTotals, isClean, reportOf } from './soak/report.ts';
import { soakPiece } from './soak/piece.ts';

/**
 * Many runs, killed at random: their workers, their browsers, and every now and then the service itself. At the end nothing
 * may be left on the hub, the gateway or the machine, and the service that lived through all of it must not have grown.
 *
 *     npm run soak -- [RUNS] [--minutes M] [--seed S] [--totals FILE]
 *
 * RUNS: how many (default 50). --minutes: stop after so long, whatever the number. --seed: the same kills again, as far as
 * the machine takes part. --totals: a file in which pieces add up to one soak.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, totals: { type: 'string' } },
});
const wanted = Number(positionals[0] ?? 50);
const minutes = values.minutes === undefined ? Infinity : Number(values.minutes);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const say = (line: string) => process.stderr.write(`${line}\n`);

say(`seed ${seed}`);
await prepare(say);
const before: SoakTotals =
  values.totals === undefined
    ? emptyTotals
    : // Written by ourselves.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      ((await readFile(values.totals, 'utf8').then(JSON.parse, () => emptyTotals)) as SoakTotals);
const piece = await soakPiece({ runs: wanted - before.runs, minutes, seed, say });
const totals = addPiece(before, piece);
if (values.totals !== undefined) await writeFile(values.totals, JSON.stringify(totals));
process.stdout.write(`${reportOf(piece, totals, wanted)}\n`);
process.exitCode = isClean(piece) ? 0 : 1;
