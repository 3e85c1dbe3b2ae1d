import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { daskFaults } from './dask.ts';
import { type Told, expectRecord, expectSoon } from './expect-told.ts';
import { sentenceOf } from './row.ts';
import { type SharedServer, openSharedServer } from './shared-server.ts';
import { setStage } from './stage.ts';
import { timesOf } from './tell-each.ts';

describe('each dask fault of a real hub is told apart', () => {
  let testbed: Testbed;
  let server: SharedServer;
  const told: Told[] = [];
  beforeAll(async () => {
    testbed = await startTestbed();
    server = await openSharedServer(testbed);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await testbed.stop();
    process.stdout.write(`${timesOf(told)}\n`);
  });

  it.each(daskFaults.map((row) => ({ row, fault: sentenceOf(row), reason: row.reason ?? 'passed' })))(
    '$fault → $reason',
    async ({ row }) => {
      await using stage = await setStage(testbed, row);
      await writeFile(join(testbed.folder, 'gateway-listener'), `${stage.front.url}services/dask-gateway`);

      const { run, verdictAt } = await server.tryDask(stage.changes);

      expectRecord(run, row);
      const words = stage.front.answers.filter(({ path }) => path.includes('/services/dask-gateway/'));
      if (row.silent !== true && row.reason !== 'client-missing') expect(words).not.toEqual([]);
      told.push(expectSoon(row, run, words, verdictAt));
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
