import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import { chartOf } from './criteria/chart.ts';
import { type Trial, tryAll } from './criteria/trials.ts';

/**
 * `npm run bench:criteria`: several ways to confirm a first failure, tried on made-up fleets side by side. Writes the picture
 * in docs/criteria-curve.svg and prints the numbers as Markdown.
 */
const ROOT = join(import.meta.dirname, '../..');
const { criteria, hubs } = loadConfig(join(ROOT, 'config')).config;
const [pattern] = hubs;
if (pattern === undefined) throw new Error('a configuration has at least one hub');
const trials = tryAll(criteria, pattern, (line) => process.stderr.write(`${line}\n`));
await writeFile(join(ROOT, 'docs/criteria-curve.svg'), chartOf(trials));
process.stdout.write(`${tableOf(trials)}\n`);

function tableOf(all: readonly Trial[]): string {
  const [first] = all;
  const head = [
    'confirmations',
    ...(first?.byFlake ?? []).map(({ flake }) => `false a month at ${flake * 100} %`),
    'median',
    '95 of 100',
    ...(first?.restartsDeclared ?? []).map(({ seconds }) => `of 100 restarts of ${seconds} s`),
  ];
  const rows = all.map(({ setting, byFlake, toDeclare, restartsDeclared }) => [
    setting.name,
    ...byFlake.map(
      ({ counted, arithmetic }) => `${counted.mean.toPrecision(2)} (${arithmetic.toPrecision(2)})`,
    ),
    spanOf(toDeclare.median),
    spanOf(toDeclare.p95),
    ...restartsDeclared.map(({ percent }) => percent.toFixed(0)),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function spanOf(seconds: number | null): string {
  if (seconds === null) return '–';
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
