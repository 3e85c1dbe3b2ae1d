import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failureTable } from '../../journey/faults/index.ts';
import { sentenceOf } from '../../journey/faults/row.ts';
import { startTestbed } from '../../testbed/testbed.ts';
import { contestants } from './contestants.ts';
import { measureCost } from './cost.ts';
import { judgeRows } from './rows.ts';
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
  },
});
const [what = 'all'] = positionals;
const RESULTS = join(import.meta.dirname, '../../../.cache/peers/results.json');
const DOC = join(import.meta.dirname, '../../../docs/side-by-side.md');
const say = (line: string) => void process.stderr.write(`${line}\n`);

const before: Results = await readFile(RESULTS, 'utf8').then(JSON.parse, () => ({ cost: [], rows: [] }));
const chosen = contestants.filter(({ name }) => values.only.split(',').some((part) => name.includes(part)));
const allRows = Object.values(failureTable).flat();
const rows = allRows.filter((row) => values.rows.split(',').some((part) => sentenceOf(row).includes(part)));

async function save(results: Results): Promise<void> {
  await mkdir(join(RESULTS, '..'), { recursive: true });
  await writeFile(RESULTS, JSON.stringify(results, null, 2));
}

if (what === 'doc') {
  await writeFile(DOC, asMarkdown(before));
} else if (what === 'list') {
  for (const row of allRows) say(`${row.criterion ?? 'passes'}  ${row.reason ?? ''}  ${sentenceOf(row)}`);
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
    for await (const row of judgeRows(world, chosen, rows)) {
      const so: Results = await readFile(RESULTS, 'utf8').then(JSON.parse);
      await save(merged(so, { cost: [], rows: [row] }));
    }
  }
}
