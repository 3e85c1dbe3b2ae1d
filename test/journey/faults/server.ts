import type { CheckChanges } from '../check-hub.ts';
import type { Row } from './row.ts';

const server: CheckChanges = { probes: ['login', 'server'] };

/** Faults from the wish for a server to its being reachable. */
export const serverFaults: readonly Row[] = [
  {
    fault: 'spawn-raises',
    criterion: 'server',
    reason: 'spawn-failed',
    says: /failed to start the server/,
    changes: server,
  },
  { fault: 'spawn-forbidden', criterion: 'server', reason: 'spawn-failed', says: /403/, changes: server },
  {
    fault: 'spawn-hangs',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /gave up waiting/,
    changes: server,
  },
  {
    fault: 'server-unready',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /gave up waiting|didn't respond/,
    changes: server,
  },
  { fault: 'server-dies', criterion: 'server', reason: 'server-unreachable', says: /./, changes: server },
];
