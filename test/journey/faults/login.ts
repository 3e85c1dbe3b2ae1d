import type { CheckChanges } from '../check-hub.ts';
import type { Row } from './row.ts';

const login: CheckChanges = { probes: ['login'] };

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
    fault: 'proxy-gone',
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
