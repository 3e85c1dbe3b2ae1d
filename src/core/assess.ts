import { type Confirmation, nextConfirmation } from './confirm.ts';
import { judgeHub } from './judge.ts';
import type { Situation } from './situation.ts';
import type { Verdict } from './verdict.ts';

/** What follows from all that is known of one hub at one moment. */
export interface Assessment {
  readonly verdicts: readonly Verdict[];
  readonly confirmation: Confirmation | null;
}

export function assess(situation: Situation): Assessment {
  const verdicts = judgeHub(situation);
  return { verdicts, confirmation: nextConfirmation(situation, verdicts) };
}

/** The verdicts that say something else than what was stored. */
export function changedVerdicts(
  verdicts: readonly Verdict[],
  previous: readonly Verdict[],
): readonly Verdict[] {
  return verdicts.filter((verdict) => {
    const before = previous.find(
      ({ hub, criterion }) => hub === verdict.hub && criterion === verdict.criterion,
    );
    return (
      before?.verdict !== verdict.verdict ||
      before.since !== verdict.since ||
      before.because !== verdict.because
    );
  });
}
