import { execFileSync } from 'node:child_process';
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../../../src/find-browser.ts';
import { failureTable } from '../../journey/faults/index.ts';
import { type Row, sentenceOf } from '../../journey/faults/row.ts';
import { startTestbed } from '../../testbed/testbed.ts';
import { contestants } from './contestants.ts';
import { measureCost, racerOf } from './cost.ts';
import { asMarkdown } from './document.ts';
import { canBeJudged, judgeRows } from './rows.ts';
import { installPeers } from './install.ts';
import { type Results, merged } from './results.ts';
import { startService } from './service.ts';

/**
 * Hubcanary and its peers side by side: what a check costs, and who gets which rows of the failure table right.
 * `cost` or `rows`; what is measured is added to `.cache/peers/results.json`, from which `doc` writes docs/side-by-side.md.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    turns: { type: 'string', default: '3' },
    cold: { type: 'string', default: '1' },
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

/** Read again before each change: another part of the same bench may be at work. */
const results = (): Promise<Results> =>
  readFile(RESULTS, 'utf8').then(JSON.parse, () => ({ cost: [], rows: [] }));
const before = await results();
const isChosen = ({ name }: { readonly name: string }) =>
  values.only.split(',').some((part) => name.includes(part));
const chosen = contestants.filter(isChosen);
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

/** Processor and versions, in words. */
function machine(): string {
  const model = cpus()[0]?.model ?? 'unknown processor';
  const found = findBrowser(null);
  const browser =
    found?.kind === 'installed'
      ? execFileSync(found.executable, ['--version'], { encoding: 'utf8' }).trim()
      : '';
  return `${availableParallelism()} cores of an ${model}, Linux ${release()}, Node ${process.version}, ${browser}`;
}

if (what === 'doc') {
  const order = new Map(allRows.map((row, index) => [sentenceOf(row), index]));
  const sorted = before.rows.toSorted((a, b) => (order.get(a.fault) ?? 0) - (order.get(b.fault) ?? 0));
  const date = new Date().toLocaleDateString('en-GB', { month: 'long', year: 'numeric' });
  const alike = allRows.filter(canBeJudged).length;
  const circumstances = { date, machine: machine(), rows: { all: allRows.length, alike } };
  await writeFile(DOC, asMarkdown({ ...before, rows: sorted }, circumstances));
} else if (what === 'list') {
  for (const row of allRows.filter(canBeJudged)) {
    say(`${row.criterion ?? 'passes'}  ${row.reason ?? ''}  ${sentenceOf(row)}`);
  }
} else {
  const places = await installPeers(say);
  // Long enough for a machine with much to do, and shorter than what the peers' journeys wait for a server.
  await using testbed = await startTestbed({
    onProgress: say,
    startTimeoutSeconds: 50,
    httpTimeoutSeconds: 50,
  });
  await using folder = await mkdtempDisposable(join(tmpdir(), 'visits-'));
  const world = { testbed, places, folder: folder.path, say };
  if (what !== 'rows') {
    const turns = {
      cold: Number(values.cold),
      warm: Number(values.turns),
      atOnce: Number(values['at-once']),
    };
    await using service = await startService(world);
    const racers = [...chosen.map((one) => racerOf(one, world)), ...(isChosen(service) ? [service] : [])];
    const so: Results = { cost: await measureCost(world, racers, turns), rows: [] };
    await save(merged(await results(), so));
  }
  if (what !== 'cost') {
    for await (const row of judgeRows(world, chosen, rows, join(CACHE, 'outputs'))) {
      await save(merged(await results(), { cost: [], rows: [row] }));
    }
  }
}
