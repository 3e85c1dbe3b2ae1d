import type { OutcomeKind } from '../core/run.ts';

/** Exit statuses of every command. */
export const EXIT = { passed: 0, failed: 1, usage: 2, errored: 3, aborted: 4 } as const;

/** From worst to best, as several hubs add up to one status. */
const WORST_FIRST: readonly OutcomeKind[] = ['failed', 'errored', 'aborted', 'passed'];

export function exitStatusOf(outcomes: readonly OutcomeKind[]): number {
  const worst = WORST_FIRST.find((outcome) => outcomes.includes(outcome));
  return worst === undefined ? EXIT.usage : EXIT[worst];
}
