import type { CheckChanges } from '../check-hub.ts';
import type { Row } from './row.ts';

const server: CheckChanges = { probes: ['login', 'server'] };

/** Faults of the interface and the kernel. */
export const kernelFaults: readonly Row[] = [
  {
    fault: 'kernelspec-missing',
    criterion: 'server',
    reason: 'kernel-missing',
    attribution: 'image',
    says: /no kernel "python3"/,
    changes: server,
  },
  {
    fault: 'kernel-dies',
    criterion: 'server',
    reason: 'kernel-died',
    says: /in the middle of a statement/,
    changes: server,
  },
  {
    fault: 'kernel-answers-wrong',
    criterion: 'server',
    reason: 'wrong-result',
    says: /was asked for print\(\d+ \* \d+\) and answered "42", not \d+/,
    changes: server,
  },
  {
    fault: 'kernel-hangs',
    criterion: 'server',
    reason: 'kernel-timeout',
    says: /did not answer within 60 s/,
    changes: server,
  },
];
