import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { expectTold } from './expect-told.ts';
import { daskFaults } from './dask.ts';

describe('each dask fault of a real hub is told apart', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({ startTimeoutSeconds: 8, httpTimeoutSeconds: 8 });
  });
  afterEach(() => testbed.faults.healAll());
  afterAll(() => testbed.stop());

  it.each(daskFaults)('$fault → $criterion: $reason', (row) => expectTold(testbed, row));
});
