import { expect, it } from 'vitest';
import { FAULTS } from '../testbed/faults.ts';
import { failureTable } from '../journey/faults/index.ts';

it('every switch of the testbed has its row', () => {
  const rows = Object.values(failureTable).flatMap((subject) => subject.map(({ fault }) => fault));

  // A server that can't be stopped breaks no criterion until the next visit; visits.test has it.
  expect([...rows, 'stop-hangs'].toSorted()).toEqual(Object.keys(FAULTS).toSorted());
});
