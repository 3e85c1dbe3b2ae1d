import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REASONS, type Reason } from '../../src/core/reason.ts';
import { failureTable } from '../journey/faults/index.ts';
import { sentenceOf } from '../journey/faults/row.ts';
import { FAULTS } from '../testbed/faults.ts';
import { failureTableDocument } from './document.ts';

const rows = Object.values(failureTable).flat();

/** Reasons without a row, and why. A row for one of them takes it off this list. */
const WITHOUT_ROW: Partial<Record<Reason, string>> = {
  'identity-provider-challenge': 'no way of logging in through a provider is there yet',
  'callback-error': 'no way of logging in through a provider is there yet',
};

it('every reason has a row, or a reason why not', () => {
  const told = new Set(rows.map(({ reason }) => reason));
  const missing = REASONS.filter((reason) => !told.has(reason));

  expect(missing.toSorted()).toEqual(Object.keys(WITHOUT_ROW).toSorted());
});

it('every switch of the testbed has its row', () => {
  const switches = rows.flatMap(({ fault }) =>
    typeof fault === 'string' ? [fault] : (fault.switches ?? []),
  );

  expect([...new Set(switches)].toSorted()).toEqual(Object.keys(FAULTS).toSorted());
});

it('no two rows have the same name', () => {
  const names = rows.map(sentenceOf);

  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

it('the document says what the rows say', () => {
  const file = join(import.meta.dirname, '../../docs/failure-table.md');
  // Out of step? `UPDATE_DOCS=1 npx vitest run test/failure-table` writes it again.
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(file, failureTableDocument());

  expect(readFileSync(file, 'utf8')).toBe(failureTableDocument());
});
