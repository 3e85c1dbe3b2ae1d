import { afterAll, beforeAll, describe, it } from 'vitest';
import type { TestbedOptions } from '../../testbed/settings.ts';
import { type Testbed, startTestbed } from '../../testbed/testbed.ts';
import { type Told, expectTold } from './expect-told.ts';
import { canMount } from '../small-disk.ts';
import { type Row, sentenceOf } from './row.ts';

/** Runs the rows of one subject on one testbed, and prints how long each verdict took. */
export function tellEach(subject: string, rows: readonly Row[], options: TestbedOptions = {}): void {
  describe(`each ${subject} fault of a real hub is told apart`, () => {
    tell(rows, options);
  });
}

function tell(rows: readonly Row[], options: TestbedOptions): void {
  let testbed: Testbed;
  const told: Told[] = [];
  beforeAll(async () => {
    testbed = await startTestbed({ startTimeoutSeconds: 8, httpTimeoutSeconds: 8, ...options });
  });
  afterAll(async () => {
    await testbed.stop();
    process.stdout.write(`${timesOf(told)}\n`);
  });

  const named = rows.map((row) => ({ row, fault: sentenceOf(row), reason: row.reason ?? 'passed' }));
  it.for(named)('$fault → $reason', async ({ row }, { skip }) => {
    skip(!isPossible(row), 'this machine does not allow mounts');
    told.push(await expectTold(testbed, row));
  });
}

function isPossible({ needs }: Row): boolean {
  return needs !== 'mounts' || canMount();
}

/** A table for people: from the answer that decided to the verdict. */
export function timesOf(told: readonly Told[]): string {
  const lines = told.map(({ fault, reason, answer, verdictSeconds, runSeconds }) => {
    const verdict = verdictSeconds === null ? '–' : `${verdictSeconds.toFixed(2)} s`;
    return `${verdict.padStart(8)}  ${runSeconds.toFixed(1).padStart(6)} s  ${reason.padEnd(22)} ${fault}${answer === '' ? '' : ` (${answer})`}`;
  });
  return ['  answer → verdict, whole run', ...lines].join('\n');
}
