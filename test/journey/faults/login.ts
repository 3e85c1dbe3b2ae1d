import { createServer } from 'node:http';
import { FAULTS } from '../../testbed/faults.ts';
import type { CheckChanges } from '../check-hub.ts';
import {
  behind,
  loginElsewhere,
  overTls,
  straight,
  to,
  toListener,
  withLockedDatabase,
  withoutDisk,
  withoutRoute,
} from './arrange.ts';
import type { Row, Stage } from './row.ts';

const login: CheckChanges = { probes: ['login'] };
/** For faults in which nobody ever says no. */
const impatient: CheckChanges = { probes: ['login'], hub: { answerTimeoutMs: 4_000 } };

const MAINTENANCE = '<title>Maintenance</title><h1>We will be back at noon</h1>';

/** A provider of which the hub knows under another host name than its own. */
function providerThatAnswers(status: number) {
  return async (stage: Stage): Promise<string> => {
    const server = createServer((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<title>Example ID</title><form><input name="user"></form>');
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    stage.onEnd(() => server.close());
    const address = server.address();
    return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/authorize`;
  };
}

/** Faults of the authenticator, and of what stands between it and the form. */
const authenticator: readonly Row[] = [
  {
    fault: 'login-raises',
    criterion: 'login',
    reason: 'login-error',
    says: 'the hub answered the login with 500: its authenticator or its database failed',
    changes: login,
  },
  {
    fault: 'login-refuses',
    criterion: 'login',
    reason: 'login-rejected',
    says: 'the hub refused name and password (403): "Invalid username or password"',
    changes: login,
  },
  {
    // The hub's own form has the same words for this as for a wrong password.
    fault: 'login-not-allowed',
    criterion: 'login',
    reason: 'login-rejected',
    says: 'the hub refused name and password (403): "Invalid username or password"',
    changes: login,
  },
  {
    fault: 'login-forbids',
    criterion: 'login',
    reason: 'not-authorized',
    says: `the hub took name and password but does not let the user in (403): "The account has been locked by your course's staff"`,
    changes: login,
  },
  {
    fault: 'login-hangs',
    criterion: 'login',
    reason: 'hub-timeout',
    says: 'the hub did not answer the login within 4 s',
    changes: impatient,
    silent: true,
  },
  {
    fault: {
      what: 'a proxy shows the hub another client address for each request',
      alike: true,
      arrange: behind({
        forward: ({ method }) => ({ localAddress: method === 'POST' ? '127.0.0.3' : '127.0.0.2' }),
      }),
    },
    criterion: 'login',
    reason: 'xsrf',
    says: 'the hub did not recognise its own login form (403): "Login form invalid or expired. Try again."',
    changes: login,
  },
  {
    fault: {
      what: 'a proxy shows the hub another browser for each request',
      alike: true,
      arrange: behind({ forward: ({ method }) => ({ headers: { 'user-agent': `Proxy (${method})` } }) }),
    },
    criterion: 'login',
    reason: 'xsrf',
    says: 'the hub did not recognise its own login form (403): "Login form invalid or expired. Try again."',
    changes: login,
  },
  {
    fault: {
      what: 'the hub can write nothing more to its disk',
      alike: true,
      arrange: withoutDisk,
    },
    criterion: 'login',
    reason: 'login-error',
    says: 'the hub answered the login with 500: its authenticator or its database failed',
    changes: login,
  },
  {
    fault: {
      what: "the hub's database is locked, while the hub calls itself healthy",
      alike: true,
      arrange: withLockedDatabase,
    },
    criterion: 'login',
    reason: 'login-error',
    says: 'the hub answered the login with 500: its authenticator or its database failed',
    changes: login,
  },
];

/** Faults of the login page. */
const page: readonly Row[] = [
  {
    fault: 'login-page-raises',
    criterion: 'login',
    reason: 'hub-error',
    says: 'the hub answered 500 at …/hub/login',
    changes: login,
  },
  {
    fault: 'login-page-without-form',
    criterion: 'login',
    reason: 'login-page-broken',
    says: `the hub's login page (200 at …/hub/login) came without a form for name and password: "JupyterHub: …Welcome to our hub…"`,
    changes: login,
  },
  {
    fault: 'login-page-of-provider',
    criterion: 'login',
    reason: 'login-unsupported',
    outcome: 'errored',
    attribution: 'probe',
    says: 'the login page offers only "Sign in with Example ID", but the configuration has the canary log in with name and password (login.kind: password)',
    changes: login,
  },
  {
    fault: {
      what: 'the hub sends its users to an identity provider, of which the canary knows nothing',
      alike: true,
      switches: ['login-elsewhere'],
      arrange: loginElsewhere(providerThatAnswers(200)),
    },
    criterion: 'login',
    reason: 'login-unsupported',
    outcome: 'errored',
    attribution: 'probe',
    says: 'the hub sends its users on to localhost:…, but the configuration has the canary log in with name and password (login.kind: password)',
    changes: login,
  },
  {
    fault: {
      what: 'the identity provider that the hub sends its users to is down',
      alike: true,
      arrange: loginElsewhere(async () => 'http://localhost:9/authorize'),
    },
    criterion: 'login',
    reason: 'identity-provider-unreachable',
    attribution: 'identity-provider',
    says: 'the hub sent the browser on to localhost:9, and …: net::ERR_… at http://localhost:9/authorize',
    changes: login,
  },
  {
    fault: {
      what: 'the identity provider that the hub sends its users to answers with an error',
      alike: true,
      arrange: loginElsewhere(providerThatAnswers(500)),
    },
    criterion: 'login',
    reason: 'identity-provider-error',
    attribution: 'identity-provider',
    says: 'the hub sent the browser on to localhost:…, which answered 500 at http://localhost:…/authorize',
    changes: login,
  },
];

/** Faults of the hub as a whole, and of the proxies in front of it. */
const hub: readonly Row[] = [
  {
    fault: 'hub-stopped',
    criterion: 'login',
    reason: 'hub-down',
    says: 'a proxy answered 503 at …/hub/login ("…") in the hub\'s place: no hub behind it',
    changes: login,
  },
  {
    fault: 'hub-frozen',
    criterion: 'login',
    reason: 'hub-timeout',
    says: 'the login page did not come within 4 s',
    changes: impatient,
    silent: true,
  },
  {
    fault: {
      what: "the hub's proxy has lost its routes",
      alike: true,
      arrange: async (stage) => {
        await withoutRoute(stage, '/');
        return undefined;
      },
    },
    criterion: 'login',
    reason: 'hub-down',
    says: 'a proxy answered 404 at …/hub/login ("…") in the hub\'s place: no hub behind it',
    changes: login,
  },
  {
    fault: {
      what: "an ingress does not reach the hub's proxy",
      alike: true,
      arrange: behind({}, 'proxy-gone'),
    },
    criterion: 'login',
    reason: 'hub-down',
    says: 'a proxy answered 502 at …/hub/login ("Bad Gateway") in the hub\'s place: no hub behind it',
    changes: login,
  },
  {
    fault: {
      what: 'an ingress gives up on a frozen hub',
      alike: true,
      arrange: behind({ answerWithinMs: 500 }, 'hub-frozen'),
    },
    criterion: 'login',
    reason: 'hub-down',
    says: 'a proxy answered 504 at …/hub/login ("upstream request timeout") in the hub\'s place: no hub behind it',
    changes: login,
  },
  {
    fault: {
      what: 'an ingress answers for a stopped hub without a word',
      alike: true,
      arrange: behind({ emptyErrors: true }, 'hub-stopped'),
    },
    criterion: 'login',
    reason: 'hub-down',
    says: "a proxy answered 503 at …/hub/login in the hub's place: no hub behind it",
    changes: login,
  },
  {
    fault: {
      what: 'an ingress shows a maintenance page with status 200',
      alike: true,
      arrange: behind(
        {
          answer: (_, response) => {
            response.setHeader('content-type', 'text/html');
            response.end(MAINTENANCE);
            return true;
          },
        },
        'hub-stopped',
      ),
    },
    criterion: 'login',
    reason: 'hub-down',
    says: 'a proxy answered 200 at …/hub/login ("Maintenance: We will be back at noon") in the hub\'s place: no hub behind it',
    changes: login,
  },
  {
    fault: {
      what: 'an ingress sends everybody to where they already are',
      alike: true,
      arrange: behind({
        answer: ({ url = '/' }, response) => {
          response.writeHead(301, { location: url }).end();
          return true;
        },
      }),
    },
    criterion: 'login',
    reason: 'redirect-loop',
    says: 'the browser was sent in circles: net::ERR_TOO_MANY_REDIRECTS at …/hub/login',
    changes: login,
  },
];

/** Faults on the way to the hub. */
const way: readonly Row[] = [
  {
    fault: {
      what: FAULTS['proxy-gone'],
      switches: ['proxy-gone'],
      alike: true,
      arrange: straight('proxy-gone'),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'the connection was refused: net::ERR_CONNECTION_REFUSED at …/hub/login',
    changes: login,
  },
  {
    fault: {
      what: "the hub's name does not resolve",
      alike: true,
      arrange: to('http://no-such-hub.invalid/'),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'its name does not resolve: net::ERR_NAME_NOT_RESOLVED at http://no-such-hub.invalid/hub/login',
    changes: login,
  },
  {
    fault: { what: 'connections are taken and never answered', alike: true, arrange: toListener(() => {}) },
    criterion: 'login',
    reason: 'hub-timeout',
    says: 'the login page did not come within 4 s',
    changes: impatient,
    silent: true,
  },
  {
    fault: {
      what: 'connections are cut without an answer',
      alike: true,
      arrange: toListener((socket) => socket.once('data', () => socket.end())),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'the connection was cut before an answer came: net::ERR_EMPTY_RESPONSE at …/hub/login',
    changes: login,
  },
  {
    fault: {
      what: 'answers are cut off in the middle',
      alike: true,
      arrange: behind({ cutAfterBytes: 500 }),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'the answer was cut off: net::ERR_… at …/hub/login',
    changes: login,
  },
  {
    fault: { what: "the hub's certificate has run out", alike: true, arrange: overTls('expired', true) },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'its certificate is not accepted: net::ERR_CERT_… at https://…/hub/login: it ran out on …-…-… (issued by Testbed authority)',
    changes: login,
  },
  {
    fault: {
      what: "the hub's certificate is from an authority that nobody knows",
      alike: true,
      arrange: overTls('good', false),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'its certificate is not accepted: net::ERR_CERT_AUTHORITY_INVALID at https://…/hub/login: nobody here trusts who issued it (Testbed authority); an authority of your own is configured as tls.ca',
    changes: login,
  },
  {
    fault: {
      what: "the hub's certificate is for another name",
      alike: true,
      arrange: overTls('other-name', true),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'its certificate is not accepted: net::ERR_CERT_… at https://…/hub/login: it is for hub.elsewhere.example, not for 127.0.0.1',
    changes: login,
  },
  {
    fault: {
      what: 'TLS is not spoken where it should be',
      alike: true,
      arrange: async (stage) => ({ hub: { url: (await stage.front()).url.replace('http:', 'https:') } }),
    },
    criterion: 'login',
    reason: 'hub-unreachable',
    says: 'TLS did not come about: net::ERR_SSL_PROTOCOL_ERROR at https://…/hub/login…',
    changes: login,
  },
];

/** Faults up to the home page of a logged-in user. */
export const loginFaults: readonly Row[] = [...authenticator, ...page, ...hub, ...way];
