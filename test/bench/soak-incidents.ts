import { parseArgs } from 'node:util';
import { isClean } from '../outbox/soak/count.ts';
import { soak } from '../outbox/soak/soak.ts';

/**
 * `npm run soak:incidents -- [--declarations 10000] [--seed N] [--blind]`: incidents are declared, told and closed while
 * everything fails at random. Exits 0 only if each has exactly one issue, with every comment, in order. `--blind` does
 * without the looks before repeating and without the sweep: then it has to fail.
 */
const { values } = parseArgs({
  options: {
    declarations: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    blind: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const declarations = Number(values.declarations);
console.log(`seed ${seed}: --seed ${seed} repeats it`);

const startedAt = performance.now();
const result = await soak({
  seed,
  declarations,
  looksBeforeItRepeats: !values.blind,
  sweeps: !values.blind,
  progress(declared) {
    if (declared % 500 === 0) console.log(`${declared} declared after ${seconds()} s`);
  },
});
const { count, takenBack } = result;
console.table(count);
console.log(
  `${result.crashes} crashes, ${result.faults} faults of ${result.faultKinds} kinds in ${result.requests} requests over ${Math.round(result.virtualHours)} virtual hours`,
);
console.log(
  `${takenBack.issue} issues and ${takenBack.comment} comments had been told twice and were taken back; ${result.ignoredWaits} requests came although GitHub had asked to wait`,
);
console.log(`${Math.round((declarations / seconds()) * 60)} declarations a minute, ${seconds()} s in all`);
const isGood = isClean(count) && count.declared === declarations && result.ignoredWaits === 0;
console.log(isGood ? 'nothing missed, nothing twice, all in order' : 'FAILED');
process.exitCode = isGood ? 0 : 1;

function seconds(): number {
  return Math.round((performance.now() - startedAt) / 1_000);
}
