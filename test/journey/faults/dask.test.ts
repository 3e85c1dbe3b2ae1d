import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { daskFaults } from './dask.ts';
import { expectRecord } from './expect-told.ts';
import { sentenceOf } from './row.ts';
import { type SharedServer, openSharedServer } from './shared-server.ts';
import { setStage } from './stage.ts';

describe('each dask fault of a real hub is told apart', () => {
  let testbed: Testbed;
  let server: SharedServer;
  beforeAll(async () => {
    testbed = await startTestbed();
    server = await openSharedServer(testbed);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await testbed.stop();
  });

  it.each(daskFaults.map((row) => ({ row, fault: sentenceOf(row), reason: row.reason ?? 'passed' })))(
    '$fault → $reason',
    async ({ row }) => {
      await using stage = await setStage(testbed, row);

      const run = await server.tryDask(stage.changes);

      expectRecord(run, row);
    },
  );

  it('leaves no cluster behind', async () => {
    await expect
      .poll(async () => (await testbed.leftovers()).processes.filter((line) => line.includes('dask')), {
        timeout: 60_000,
      })
      .toEqual([]);
  });
});
