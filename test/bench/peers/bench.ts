import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failureTable } from '../../journey/faults/index.ts';
import { type Row, sentenceOf } from '../../journey/faults/row.ts';
import { startTestbed } from '../../testbed/testbed.ts';
import { contestants } from './contestants.ts';
import { measureCost } from './cost.ts';
import { canBeJudged, judgeRows } from './rows.ts';
import { installPeers } from './install.ts';
import { type Results, asMarkdown, merged } from './results.ts';

/**
 * Hubcanary and its peers side by side: what a check costs, and who gets which rows of the failure table right.
 * `cost` or `rows`; what is measured is added to `.cache/peers/results.json`, from which `doc` writes docs/side-by-side.md.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    turns: { type: 'string', default: '3' },
    'at-once': { type: 'string', default: '1' },
    rows: { type: 'string', default: '' },
    /** Every n-th of these rows, and with which to begin: `2/3`. */
    share: { type: 'string', default: '1/1' },
    /** Only rows that were not judged yet, to go on where it was stopped. */
    missing: { type: 'boolean', default: false },
  },
});
const [what = 'all'] = positionals;
const CACHE = join(import.meta.dirname, '../../../.cache/peers');
const RESULTS = join(CACHE, 'results.json');
const DOC = join(import.meta.dirname, '../../../docs/side-by-side.md');
const say = (line: string) => void process.stderr.write(`${line}\n`);

const before: Results = await readFile(RESULTS, 'utf8').then(JSON.parse, () => ({ cost: [], rows: [] }));
const chosen = contestants.filter(({ name }) => values.only.split(',').some((part) => name.includes(part)));
const allRows = Object.values(failureTable).flat();
const isJudged = (row: Row) =>
  chosen.every(({ name }) => before.rows.find(({ fault }) => fault === sentenceOf(row))?.verdicts[name]);
const [first = 1, every = 1] = values.share.split('/').map(Number);
const rows = allRows
  .filter((row) => canBeJudged(row) && values.rows.split(',').some((part) => sentenceOf(row).includes(part)))
  .filter((_, index) => index % every === first - 1)
  .filter((row) => !values.missing || !isJudged(row));

async function save(results: Results): Promise<void> {
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, JSON.stringify(results, null, 2));
}

if (what === 'doc') {
  await writeFile(DOC, asMarkdown(before));
} else if (what === 'list') {
  for (const row of allRows.filter(canBeJudged)) {
    say(`${row.criterion ?? 'passes'}  ${row.reason ?? ''}  ${sentenceOf(row)}`);
  }
} else {
  const places = await installPeers(say);
  await using testbed = await startTestbed({
    onProgress: say,
    startTimeoutSeconds: 20,
    httpTimeoutSeconds: 20,
  });
  const world = { testbed, places, say };
  const cost =
    what === 'rows'
      ? []
      : await measureCost(world, chosen, { turns: Number(values.turns), atOnce: Number(values['at-once']) });
  await save(merged(before, { cost, rows: [] }));
  if (what !== 'cost') {
    for await (const row of judgeRows(world, chosen, rows, join(CACHE, 'outputs'))) {
      const so: Results = await readFile(RESULTS, 'utf8').then(JSON.parse);
      await save(merged(so, { cost: [], rows: [row] }));
    }
  }
}
