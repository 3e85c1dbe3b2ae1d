import { FAULTS, type Fault } from '../../testbed/faults.ts';
import { type CheckChanges, SERVER } from '../check-hub.ts';
import { asAdmin, withoutRoute } from './arrange.ts';
import { atStep } from './at-step.ts';
import type { Row, Stage } from './row.ts';

const server: CheckChanges = { probes: ['login', 'server'] };
/** For faults in which nobody ever says no. */
const impatient: CheckChanges = { probes: ['login', 'server'], hub: { answerTimeoutMs: 4_000 } };

/** A server of somebody else is being started, and never will be. */
async function somebodyElseStarts(stage: Stage, limit: Fault): Promise<undefined> {
  for (const fault of [limit, 'spawn-hangs'] as const) await stage.testbed.faults.break(fault);
  await asAdmin(stage, 'POST', 'users/maren');
  await asAdmin(stage, 'POST', 'users/maren/server');
  stage.onEnd(() => asAdmin(stage, 'DELETE', 'users/maren/server'));
  return undefined;
}

/** The hub refuses at once. */
const refusals: readonly Row[] = [
  {
    fault: {
      what: 'too many servers are being started',
      alike: true,
      switches: ['start-limit'],
      arrange: (stage) => somebodyElseStarts(stage, 'start-limit'),
    },
    criterion: 'server',
    reason: 'spawn-throttled',
    attribution: 'capacity',
    says: 'the hub takes no more starts just now (429) and asks to come back in … s: "…Too many users trying to log in right now. Try again in …"',
    changes: server,
  },
  {
    fault: {
      what: 'too many servers run',
      alike: true,
      switches: ['server-limit'],
      arrange: (stage) => somebodyElseStarts(stage, 'server-limit'),
    },
    criterion: 'server',
    reason: 'spawn-throttled',
    attribution: 'capacity',
    says: 'the hub takes no more starts just now (429): "…Active user limit exceeded. Try again in a few minutes.…"',
    changes: server,
  },
  {
    fault: 'spawn-page-raises',
    criterion: 'server',
    reason: 'spawn-refused',
    says: 'asked for a server, the hub answered 500 at …/hub/spawn: "500 : Internal Server Error…"',
    changes: server,
  },
  {
    fault: 'form-raises',
    criterion: 'server',
    reason: 'spawn-refused',
    says: 'asked for a server, the hub answered 500 at …/hub/spawn: "500 : Internal Server Error…"',
    changes: server,
  },
  {
    fault: 'form-refuses',
    criterion: 'server',
    reason: 'options-form-broken',
    says: 'the hub could not use the options form: "Error: There is no such size"',
    changes: server,
  },
  {
    fault: 'form-over-quota',
    criterion: 'server',
    reason: 'spawn-refused',
    says: 'the hub refused the options form with 403: "Error: HTTP 403: …You have used up your hours…"',
    changes: server,
  },
  {
    fault: 'form-needs-more',
    criterion: 'server',
    reason: 'options-form-broken',
    says: 'the options form asks for what the configuration does not say: course',
    changes: server,
  },
  {
    fault: 'form-has-profiles',
    criterion: 'server',
    reason: 'profile-missing',
    says: 'the options form offers no profile "large", only: small',
    changes: {
      ...server,
      hub: {
        server: { ...SERVER, profile: 'large' },
      },
    },
  },
  {
    fault: {
      what: FAULTS['stop-hangs'],
      switches: ['stop-hangs'],
      arrange: async (stage) => {
        await asAdmin(stage, 'POST', 'users/canary');
        await asAdmin(stage, 'POST', 'users/canary/server');
        await stage.testbed.faults.break('stop-hangs');
        return undefined;
      },
    },
    criterion: 'server',
    reason: 'stop-stuck',
    says: 'a server from before could not be stopped within 4 s',
    changes: impatient,
    silent: true,
  },
];

/** The start fails after the hub has taken it on. */
const failures: readonly Row[] = [
  {
    fault: 'spawn-raises',
    criterion: 'server',
    reason: 'spawn-failed',
    says: 'the hub failed to start the server and says "Spawn failed: the spawner fails on purpose"',
    changes: server,
  },
  {
    fault: 'spawn-raises-while-held',
    criterion: 'server',
    reason: 'spawn-failed',
    says: 'the hub failed to start the server and says "Spawn failed: the spawner fails on purpose"',
    changes: server,
  },
  {
    fault: 'spawn-forbidden',
    criterion: 'server',
    reason: 'spawn-failed',
    says: 'the hub failed to start the server and says "Spawn failed: HTTP 403: error (You have exceeded your quota)"',
    changes: server,
  },
  {
    fault: 'spawn-hook-raises',
    criterion: 'server',
    reason: 'spawn-failed',
    says: 'the hub failed to start the server and says "Spawn failed: the hook before the start fails on purpose"',
    changes: server,
  },
  {
    fault: 'spawn-hangs',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: 'the hub gave up waiting for the server to start: "Spawn failed:"',
    changes: server,
  },
  {
    fault: {
      what: 'no start ends as soon as the canary is told to expect',
      arrange: async ({ testbed }) => {
        await testbed.faults.break('spawn-hangs');
        return undefined;
      },
    },
    criterion: 'server',
    reason: 'spawn-timeout',
    says: 'the hub was still starting the server, which was not ready within 4 s; last word: …',
    changes: {
      ...server,
      hub: {
        server: { ...SERVER, startTimeoutMs: 4_000, slowAfterMs: 4_000 },
      },
    },
    silent: true,
  },
  {
    fault: 'server-unready',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: `the hub gave up waiting for the server to start: "Spawn failed: Server at … didn't respond in 5 seconds"`,
    changes: server,
  },
  {
    fault: 'server-exits',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /Server at .* didn't respond in 5 seconds|the hub failed to start the server/,
    changes: server,
  },
  {
    fault: 'server-killed',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: /Server at .* didn't respond in 5 seconds|the hub failed to start the server/,
    changes: server,
  },
  {
    fault: 'server-elsewhere',
    criterion: 'server',
    reason: 'spawn-timeout',
    says: `the hub gave up waiting for the server to start: "Spawn failed: Server at http://127.0.0.1:9… didn't respond in 5 seconds"`,
    changes: server,
  },
];

/** The hub itself goes away meanwhile. */
const hubs: readonly Row[] = [
  {
    fault: {
      what: 'the hub is killed after the login',
      arrange: atStep('ask for a server', ({ testbed }) => testbed.faults.break('hub-stopped')),
    },
    criterion: 'server',
    reason: 'hub-down',
    says: "…a proxy in the hub's place answered 503…",
    changes: server,
  },
  {
    fault: {
      what: 'the hub is frozen after the login',
      arrange: atStep('ask for a server', ({ testbed }) => testbed.faults.break('hub-frozen')),
    },
    criterion: 'server',
    reason: 'hub-timeout',
    says: 'the hub did not answer the wish for a server within 8 s',
    changes: impatient,
    silent: true,
  },
  {
    fault: {
      what: 'the hub is killed while a server starts, and stays away',
      arrange: atStep('wait until it is ready', ({ testbed }) => testbed.faults.break('hub-stopped')),
    },
    criterion: 'server',
    reason: 'hub-down',
    says: "…a proxy in the hub's place answered 503…",
    changes: impatient,
    silent: true,
  },
  {
    fault: {
      what: 'the hub is restarted while a server starts',
      arrange: async (stage) => {
        await stage.testbed.faults.break('spawn-hangs');
        return atStep('wait until it is ready', async ({ testbed }) => {
          await testbed.faults.break('hub-stopped');
          await testbed.faults.heal('hub-stopped');
        })(stage);
      },
    },
    criterion: 'server',
    reason: 'spawn-failed',
    says: 'the hub was away while the server started, and now knows nothing of it',
    changes: server,
    silent: true,
  },
];

/** What is no fault of the hub's. */
const passing: readonly Row[] = [
  {
    fault: {
      what: 'a start from another session of the canary user still hangs, and nothing else is wrong',
      arrange: async (stage) => {
        await stage.testbed.faults.break('spawn-hangs');
        await asAdmin(stage, 'POST', 'users/canary');
        await asAdmin(stage, 'POST', 'users/canary/server');
        await stage.testbed.faults.heal('spawn-hangs');
        return undefined;
      },
    },
    criterion: null,
    reason: null,
    says: '',
    changes: server,
  },
  {
    fault: {
      what: 'a server starts, but takes longer than it should',
      arrange: async () => ({ hub: { server: { ...SERVER, slowAfterMs: 10 } } }),
    },
    criterion: null,
    reason: null,
    says: '',
    slow: 'wait until it is ready',
    changes: server,
  },
];

/** The hub calls the server ready, and it is not. */
const servers: readonly Row[] = [
  {
    fault: 'server-dies',
    criterion: 'server',
    reason: 'server-unreachable',
    says: /503|424/,
    changes: server,
  },
  {
    fault: 'server-raises',
    criterion: 'server',
    reason: 'server-error',
    says: 'the started server answered 500 at …/user/canary/…',
    changes: server,
  },
  {
    fault: 'oauth-refuses',
    criterion: 'server',
    reason: 'server-unreachable',
    says: 'started, but the hub did not let its user in: it answered 403 at …/hub/api/oauth2/authorize',
    changes: server,
  },
  {
    fault: 'oauth-raises',
    criterion: 'server',
    reason: 'hub-error',
    says: 'the hub answered 500 at …/hub/api/oauth2/authorize',
    changes: server,
  },
  {
    fault: 'oauth-forgets',
    criterion: 'server',
    reason: 'server-unreachable',
    says: 'started, but on the way to it the hub asked its user to log in once more at …/hub/login',
    changes: server,
  },
  {
    fault: 'server-redirects',
    criterion: 'server',
    reason: 'redirect-loop',
    says: 'the browser was sent in circles: net::ERR_TOO_MANY_REDIRECTS at …/user/canary/…',
    changes: server,
  },
  {
    fault: {
      what: "the hub's proxy loses the route to the server",
      arrange: atStep('wait until it is ready', (stage) => withoutRoute(stage, '/user/canary/')),
    },
    criterion: 'server',
    reason: 'redirect-loop',
    says: 'hub and proxy sent the browser in circles until the hub gave up at …/hub/user/canary/…',
    changes: server,
  },
];

/** Faults from the wish for a server to its being reachable. */
export const serverFaults: readonly Row[] = [...refusals, ...failures, ...hubs, ...servers, ...passing];
