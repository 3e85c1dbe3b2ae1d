import { expect, it } from 'vitest';
import { FAULTS } from '../testbed/faults.ts';
import { failureTable } from '../journey/faults/index.ts';

it('every switch of the testbed has its row', () => {
  const switches = Object.values(failureTable).flatMap((subject) =>
    subject.flatMap(({ fault }) => (typeof fault === 'string' ? [fault] : (fault.switches ?? []))),
  );

  // A server that can't be stopped breaks no criterion until the next visit; visits.test has it.
  expect([...switches, 'stop-hangs'].toSorted()).toEqual(Object.keys(FAULTS).toSorted());
});
