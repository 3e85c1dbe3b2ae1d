import { exitStatusOf } from '../../src/cli/exit-status.ts';
import { failureTable } from '../journey/faults/index.ts';
import { type Row, sentenceOf } from '../journey/faults/row.ts';

const TITLES: Readonly<Record<keyof typeof failureTable, string>> = {
  login: 'Up to the home page',
  server: 'From the wish for a server to its being reachable',
  lab: 'The interface',
  kernel: 'The kernel',
  dask: 'Dask',
  'own side': 'Our own side: no evidence against the hub',
};

/** The failure table for people, in Markdown. */
export function failureTableDocument(): string {
  const parts = Object.entries(failureTable).flatMap(([subject, rows]) => [
    `## ${TITLES[subject as keyof typeof TITLES]}`,
    tableOf(rows),
  ]);
  return `${[
    '# What an operator is told',
    'Each fault below is brought about on a real hub by the tests, which compare what Hubcanary makes of it. … stands for what differs from hub to hub. The exit status is that of `hubcanary check`; 3 means that it is no evidence against the hub. [Reasons](reasons.md) says what each reason means and where to look first.',
    ...parts,
  ].join('\n\n')}\n`;
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { criterion, reason, attribution = 'hub', outcome } = row;
    // A fault of ours may come before any criterion was tried.
    const verdict = reason === null ? ['passes', '', ''] : [criterion ?? '–', `\`${reason}\``, attribution];
    const status = exitStatusOf([outcome ?? (reason === null ? 'passed' : 'failed')]);
    return [sentenceOf(row), ...verdict, String(status), words(row.says)];
  });
  const head = ['Broken', 'Criterion', 'Reason', 'Whose side', 'Exit', 'Message'];
  return [head, head.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

/** What the row wants the message to say; of a pattern, as much as is readable. */
function words(says: Row['says']): string {
  if (typeof says === 'string') return says;
  if (says.source === '.') return '';
  const readable = says.source
    .replaceAll(/\\[dwS]\+|\.\*|\.\+/g, '…')
    .replaceAll('\\', '')
    .split('|')
    .join('… or …');
  return `…${readable.replace(/^\^/, '').replace(/\$$/, '')}…`;
}
