import { type Confirmation, nextConfirmation } from './confirm.ts';
import { decide } from './decide.ts';
import type { DecideInput, Decision } from './decision.ts';
import { judgeHub } from './judge.ts';
import type { Situation } from './situation.ts';
import type { Verdict } from './verdict.ts';

/** What follows from all that is known of a hub at one moment. */
export interface Assessment {
  readonly verdicts: readonly Verdict[];
  readonly decision: Decision;
  readonly confirmation: Confirmation | null;
}

/** What deciding needs beyond the situation. */
export type DecideContext = Pick<
  DecideInput,
  'hub' | 'run' | 'openIncidents' | 'maintenance' | 'publicUrl' | 'labels' | 'newId'
>;

/** Judge, decide, and see whether a confirmation is needed. */
export function assess(situation: Situation, context: DecideContext): Assessment {
  const { runs, criteria, now, previous } = situation;
  const verdicts = judgeHub(situation);
  return {
    verdicts,
    decision: decide({ ...context, verdictsBefore: previous, verdicts, runs, criteria, now }),
    confirmation: nextConfirmation(situation),
  };
}

/** Whether an assessment that no run gave occasion to has anything to record. */
export function isNews({ verdicts, decision }: Assessment, { previous }: Situation): boolean {
  if (decision.events.length > 0) return true;
  return verdicts.some((verdict) => {
    const before = previous.find(({ criterion }) => criterion === verdict.criterion);
    return (
      before?.verdict !== verdict.verdict ||
      before.since !== verdict.since ||
      before.because !== verdict.because
    );
  });
}
