import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REASON_GUIDE } from '../../src/core/reason-guide.ts';
import {
  DASK_REASONS,
  LOGIN_REASONS,
  PROBE_REASONS,
  type Reason,
  SERVER_REASONS,
} from '../../src/core/reason.ts';

const GROUPS: readonly (readonly [string, readonly Reason[]])[] = [
  ["Users can't log in", LOGIN_REASONS],
  ["Users can't start a server", SERVER_REASONS],
  ["Users can't start dask workers", DASK_REASONS],
  ['Our own side: never evidence against a hub', PROBE_REASONS],
];

function guide(): string {
  const seen = new Set<Reason>();
  const parts = GROUPS.flatMap(([title, reasons]) => {
    const fresh = reasons.filter((reason) => !seen.has(reason));
    fresh.forEach((reason) => seen.add(reason));
    const paragraphs = fresh.map((reason) => {
      const { meaning, firstGuess } = REASON_GUIDE[reason];
      return `### \`${reason}\`\n\n${meaning} *First guess:* ${firstGuess}`;
    });
    return [`## ${title}`, ...paragraphs];
  });
  return `${['# Reasons', 'Why a run did not pass: a closed list. A reason that fits several criteria stands under the first.', ...parts].join('\n\n')}\n`;
}

it('every reason has its paragraph in the guide for operators', () => {
  const file = join(import.meta.dirname, '../../docs/reasons.md');
  // Out of step? `UPDATE_DOCS=1 npx vitest run test/core/reasons-doc.test.ts` writes it again.
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(file, guide());

  expect(readFileSync(file, 'utf8')).toBe(guide());
});
