import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metricsTable } from '../../src/metrics/metrics-table.ts';

/** Writes the table of metrics into the README, between its marks. */
const path = join(import.meta.dirname, '../../README.md');
const readme = await readFile(path, 'utf8');
const marked = /(<!-- metrics -->\n)[^]*?(\n<!-- \/metrics -->)/;
await writeFile(
  path,
  readme.replace(marked, (_, start: string, end: string) => `${start}\n${metricsTable()}\n${end}`),
);
