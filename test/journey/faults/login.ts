import type { CheckChanges } from '../check-hub.ts';
import { FAULTS, type Fault } from '../../testbed/faults.ts';
import type { Row, Stage } from './row.ts';

const login: CheckChanges = { probes: ['login'] };

/** Breaks what stands first, so the canary user goes straight there. */
function straightWith(fault: Fault) {
  return async ({ testbed }: Stage): Promise<CheckChanges> => {
    await testbed.faults.break(fault);
    return { hub: { url: testbed.hubUrl } };
  };
}

/** Faults up to the home page of a logged-in user. */
export const loginFaults: readonly Row[] = [
  {
    fault: 'login-raises',
    criterion: 'login',
    reason: 'login-error',
    says: /500: its authenticator failed/,
    changes: login,
  },
  {
    fault: 'login-refuses',
    criterion: 'login',
    reason: 'login-rejected',
    says: /refused name and password/,
    changes: login,
  },
  {
    fault: 'hub-stopped',
    criterion: 'login',
    reason: 'hub-down',
    says: /a proxy answered 503 .* no hub behind it/,
    changes: login,
  },
  {
    fault: { what: FAULTS['proxy-gone'], switches: ['proxy-gone'], arrange: straightWith('proxy-gone') },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: /ERR_CONNECTION_REFUSED/,
    changes: login,
  },
  {
    fault: 'login-hangs',
    criterion: 'login',
    reason: 'hub-timeout',
    says: /did not answer the login within 60 s/,
    changes: login,
  },
  {
    fault: 'hub-frozen',
    criterion: 'login',
    reason: 'hub-timeout',
    says: /login page did not come within 60 s/,
    changes: login,
  },
];
