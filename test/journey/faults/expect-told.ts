import { expect } from 'vitest';
import { EXIT, exitStatusOf } from '../../../src/cli/exit-status.ts';
import type { Run } from '../../../src/core/run.ts';
import type { FrontAnswer } from '../../testbed/front.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import { checkHub } from '../check-hub.ts';
import { type Row, sentenceOf } from './row.ts';
import { setStage } from './stage.ts';
import { decisiveAnswer } from './verdict-time.ts';

/** On a busy machine; 3 s on one that is not, as the printed times show. Whoever is answered waits for no limit. */
const VERDICT_WITHIN_SECONDS = 15;

/** What came of one row, for the table of times. */
export interface Told {
  readonly fault: string;
  readonly reason: string;
  /** The answer that decided. */
  readonly answer: string;
  /** From that answer to the verdict; null when nobody answered. */
  readonly verdictSeconds: number | null;
  readonly runSeconds: number;
}

/** Brings a fault about, looks at the hub as a canary user, and compares what an operator would be told. */
export async function expectTold(testbed: Testbed, row: Row): Promise<Told> {
  await using stage = await setStage(testbed, row);
  let verdictAt: number | null = null;
  const { onEvent } = stage.changes;

  await using checked = await checkHub(testbed, 'canary', {
    ...stage.changes,
    onEvent(event, order) {
      if (event.kind === 'step-finished' && event.step.status === 'failed') verdictAt ??= performance.now();
      onEvent?.(event, order);
    },
  });

  expectRecord(checked.run, row);
  if (checked.run.outcome === 'failed')
    expect(checked.run.evidence.map(({ kind }) => kind)).toContain('responses');
  return expectSoon(row, checked.run, stage.front.answers, verdictAt);
}

/** How long after the answer that decided the verdict stood; fails when that was too long. `verdictAt` is null when all passed. */
export function expectSoon(
  row: Row,
  run: Run,
  answers: readonly FrontAnswer[],
  verdictAt: number | null,
): Told {
  const seen = answers.filter(({ atMs }) => verdictAt === null || atMs <= verdictAt);
  const decisive = row.silent === true || row.reason === null ? null : decisiveAnswer(seen);
  const verdictSeconds = decisive === null || verdictAt === null ? null : (verdictAt - decisive.atMs) / 1000;
  expect(verdictSeconds ?? 0).toBeLessThan(VERDICT_WITHIN_SECONDS);
  return {
    fault: sentenceOf(row),
    reason: row.reason ?? 'passed',
    answer: decisive === null ? '' : `${decisive.status} ${decisive.method} ${decisive.path}`,
    verdictSeconds,
    runSeconds: run.durationSeconds,
  };
}

/** Compares a run's record with what the row says an operator is told. */
export function expectRecord(run: Run, row: Row): void {
  const { criterion, reason, attribution = 'hub', outcome = 'failed', says, slow } = row;
  if (reason === null) {
    expect(run.failure).toBeNull();
    expect(exitStatusOf([run.outcome])).toBe(EXIT.passed);
    expect(run.slow.map(({ step }) => step)).toEqual(slow === undefined ? [] : [slow]);
    expect(Object.values(run.criteria)).not.toContain('unknown');
    if (says instanceof RegExp)
      expect(run.steps.map(({ note }) => note ?? '')).toContainEqual(expect.stringMatching(says));
    return;
  }
  const message: unknown = expect.stringMatching(typeof says === 'string' ? wholeMessage(says) : says);
  expect(run.failure).toMatchObject({ criterion, reason, attribution, message });
  expect(run.outcome).toBe(outcome);
  expect(exitStatusOf([run.outcome])).toBe(EXIT[outcome]);
  if (criterion !== null) expect(run.criteria[criterion]).toBe(outcome === 'failed' ? 'failed' : 'unknown');
  if (outcome !== 'failed') expect(Object.values(run.criteria)).not.toContain('failed');
}

/** … stands for what differs from run to run. */
function wholeMessage(says: string): RegExp {
  const parts = says.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
