import type { CheckChanges } from '../check-hub.ts';
import type { Stage } from './row.ts';

/** Breaks something when a step begins, once; a hub that is away would only make the cleanup wait. */
export function atStep(step: string, breakIt: (stage: Stage) => Promise<void>) {
  return async (stage: Stage): Promise<CheckChanges> => {
    let broken: Promise<void> | null = null;
    let healed: Promise<void> | null = null;
    // What is broken late has to be whole before it is healed.
    stage.onEnd(() => healed ?? broken);
    return {
      onEvent(event) {
        if (event.kind === 'step-started' && event.step === step) broken ??= breakIt(stage);
        if (event.kind === 'cleaning-up')
          healed ??= broken?.then(() => stage.testbed.faults.healAll()) ?? null;
      },
    };
  };
}
