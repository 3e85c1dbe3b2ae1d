import type { Criteria } from '../../../src/core/criteria.ts';

/** A way to confirm a first failure, tried beside others. */
export interface Setting {
  readonly name: string;
  /** After the failed run, in seconds. */
  readonly confirmAfter: readonly number[];
  /** `group.wait`, in seconds: until the last confirmation has ended. */
  readonly wait: number;
}

export const SETTINGS: readonly Setting[] = [
  { name: 'none, the next scheduled run', confirmAfter: [], wait: 120 },
  { name: 'one, after 60 s', confirmAfter: [60], wait: 90 },
  { name: 'two, after 45 s and 90 s', confirmAfter: [45, 90], wait: 120 },
  { name: 'two, after 60 s and 120 s', confirmAfter: [60, 120], wait: 150 },
  { name: 'three, after 60 s, 120 s and 180 s', confirmAfter: [60, 120, 180], wait: 210 },
];

export function criteriaWith({ confirmAfter, wait }: Setting, others: Criteria): Criteria {
  return {
    ...others,
    declare: { ...others.declare, confirmAfterMs: confirmAfter.map((seconds) => seconds * 1000) },
    group: { ...others.group, waitMs: wait * 1000 },
  };
}

/** Failures in a row that declare an incident, the first one counted. */
export function failuresNeeded({ confirmAfter }: Setting, { declare }: Criteria): number {
  // Scheduled failures in a row declare too, confirmed or not; the confirming runs come first.
  return confirmAfter.length === 0 ? declare.consecutive : 1 + confirmAfter.length;
}
