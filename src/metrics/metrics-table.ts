import { metricDefinitions } from './metrics.ts';

/** Every metric as a table in Markdown, for the README; laid out as its formatter would. */
export function metricsTable(): string {
  const rows = metricDefinitions()
    .map(({ name, kind, labels, help }) => [
      `\`${name}\``,
      kind,
      labels.map((label) => `\`${label}\``).join(', '),
      help,
    ])
    .toSorted(([a = ''], [b = '']) => a.localeCompare(b));
  const head = ['name', 'type', 'labels', 'meaning'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
