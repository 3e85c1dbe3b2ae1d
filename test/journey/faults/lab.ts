import type { ServerSettings } from '../../../src/core/hub.ts';
import { type CheckChanges, SERVER } from '../check-hub.ts';
import type { Row } from './row.ts';

const server: CheckChanges = { probes: ['login', 'server'] };
/** A short limit, for rows in which nobody says no. */
function within(limits: Partial<ServerSettings>): CheckChanges {
  return { ...server, hub: { server: { ...SERVER, ...limits } } };
}

/** Faults of a started server, its home and its interface. */
export const labFaults: readonly Row[] = [
  {
    fault: 'lab-assets-missing',
    criterion: 'server',
    reason: 'interface-broken',
    attribution: 'image',
    says: /^JupyterLab did not come up: 404 at \S+\/user\/canary\/static\/lab\/main\.\w+\.js$/,
    changes: server,
  },
  {
    fault: 'lab-raises',
    criterion: 'server',
    reason: 'interface-broken',
    attribution: 'image',
    says: 'JupyterLab did not come up: Error: broken on purpose',
    changes: server,
  },
  // Lab does without; so do its users.
  { fault: 'lab-extension-missing', criterion: null, reason: null, says: '', changes: server },
  {
    fault: 'server-freezes',
    criterion: 'server',
    reason: 'server-unreachable',
    says: 'started, but did not answer within 6 s',
    changes: within({ interfaceTimeoutMs: 6_000 }),
    silent: true,
  },
  {
    fault: 'server-freezes-in-lab',
    criterion: 'server',
    reason: 'server-unreachable',
    says: /^the started server answers no more: TimeoutError/,
    changes: within({ kernelTimeoutMs: 20_000 }),
    silent: true,
  },
  {
    fault: 'server-dies-in-lab',
    criterion: 'server',
    reason: 'server-unreachable',
    says: 'the started server is gone: the proxy answered 503 in its place',
    changes: server,
  },
  {
    fault: 'home-full',
    needs: 'mounts',
    criterion: 'server',
    reason: 'kernel-failed',
    says: /^asked for a kernel, the server answered 500 .*Unhandled error/,
    changes: server,
  },
  {
    fault: 'home-read-only',
    needs: 'mounts',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /^the hub gave up waiting for the server to start: .*didn't respond in 5 seconds/,
    changes: server,
  },
];
