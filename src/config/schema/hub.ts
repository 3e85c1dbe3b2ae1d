import { z } from 'zod';
import { CRITERIA } from '../../core/criterion.ts';
import { HUBS_OWN_LOGIN_PAGE } from '../../core/hub.ts';
import { HttpUrl, Name, PositiveInteger, Schedule, Text, Wait, WaitOrNone } from './fields.ts';
import { PageSteps } from './page-steps.ts';
import { SecretReference } from './secret-reference.ts';

/** The ways to log in, by kind; a hub's `login` is one of them. */
const LOGIN_KINDS = ['password'] as const;

const kind = z
  .enum(LOGIN_KINDS, {
    error: ({ input }) =>
      typeof input === 'string' ? `${JSON.stringify(input)} is not a known way to log in` : undefined,
  })
  .describe('How users log in.');

const selector = (own: string, what: string) => Text.prefault(own).describe(`Selector of ${what}.`);

const LoginSelectors = z.strictObject({
  username: selector(HUBS_OWN_LOGIN_PAGE.username, 'the field for the name'),
  password: selector(HUBS_OWN_LOGIN_PAGE.password, 'the field for the password'),
  submit: selector(HUBS_OWN_LOGIN_PAGE.submit, 'the button that sends them'),
  error: selector(HUBS_OWN_LOGIN_PAGE.error, 'what is shown when a login is refused, and only then, in CSS'),
});

const PasswordLogin = z.strictObject({
  kind: z.literal('password').describe('How users log in.'),
  username: Text.meta({ description: "The canary user's name.", samples: ['probe'] }),
  password: SecretReference,
  selectors: LoginSelectors.prefault({}).describe("Where things are on a login page of one's own."),
  steps: PageSteps.prefault([]).meta({
    description: 'What else to do on the login page before name and password are sent.',
    samples: [[{ check: '#rules' }]],
  }),
});

const LOGIN_EXAMPLE = { kind: 'password', username: 'probe', password: { env: 'STAGING_PASSWORD' } };

/** Complete, as a run needs it. */
export const LoginSection = z
  .discriminatedUnion('kind', [PasswordLogin])
  .meta({ description: 'How the canary user logs in.', samples: [LOGIN_EXAMPLE] });

/** As written: what is left out here comes from the defaults. */
const LoginWritten = z
  .strictObject({ ...PasswordLogin.partial().shape, kind: kind.optional() })
  .meta({ description: 'How the canary user logs in.', samples: [LOGIN_EXAMPLE] });

const SecondAccount = z.strictObject({
  username: Text.meta({ description: "The second canary user's name.", samples: ['probe-2'] }),
  password: SecretReference,
});

const Server = z.strictObject({
  profile: Text.nullable()
    .prefault(null)
    .describe('Slug or display name of the profile; null takes the first.'),
  profileOptions: z
    .record(z.string(), z.string().meta({ samples: ['2'] }))
    .prefault({})
    .meta({ description: 'Choices within the profile, by option.', samples: [{ image: 'base' }] }),
  form: PageSteps.prefault([]).meta({
    description: 'What to do on an options form that is not a list of profiles, before it is sent.',
    samples: [[{ select: '#course', with: 'physics' }, { check: '#rules' }]],
  }),
  query: z
    .record(z.string(), z.string().meta({ samples: ['small'] }))
    .prefault({})
    .meta({
      description: 'Options in the address, past the form: /hub/spawn?profile=small.',
      samples: [{ profile: 'small' }],
    }),
  name: z.string().prefault('').describe('Named server; empty for the default server.'),
  kernel: Text.prefault('python3').describe('Kernelspec to run code in.'),
  startTimeout: Wait.prefault('10m').describe('A server that is not up by then is a failure.'),
  failureLimit: z
    .number()
    .int()
    .min(0)
    .prefault(5)
    .describe(
      "The hub's consecutive_failure_limit, 5 with Zero to JupyterHub: it exits after so many failed starts in a row. 0 for none.",
    ),
  slowAfter: Wait.prefault('2m').describe('A start that takes longer is reported as slow, not as failed.'),
  interfaceTimeout: Wait.prefault('90s').describe('An interface that is not up by then is a failure.'),
  kernelTimeout: Wait.prefault('60s').describe(
    'A kernel that has not started, or not answered, by then is a failure.',
  ),
});

const Tls = z.strictObject({
  ca: Text.nullable()
    .prefault(null)
    .meta({
      description:
        'File with the certificates (PEM) of an authority that is trusted for this hub besides the public ones.',
      samples: ['/etc/ssl/own-ca.pem'],
    }),
});

const Dask = z.strictObject({
  workers: PositiveInteger.prefault(1).describe('Workers to wait for and compute on.'),
  clusterOptions: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).meta({ samples: [2] }))
    .prefault({})
    .meta({ description: "The gateway's cluster options.", samples: [{ worker_cores: 1 }] }),
  startTimeout: Wait.prefault('5m').describe('A cluster that is not up by then is a failure.'),
  workerTimeout: Wait.prefault('10m').describe('No worker by then is a failure; too few are reported.'),
  requestTimeout: Wait.prefault('30s').describe(
    'A gateway that has not answered, or a scheduler not reached, by then is a failure.',
  ),
  computeTimeout: Wait.prefault('60s').describe('A computation that has not ended by then is a failure.'),
});

/** What every hub has and defaults may give. */
const shared = {
  cluster: Text.nullable()
    .prefault(null)
    .meta({
      description: 'Where it runs; hubs of one cluster are grouped into one incident.',
      samples: ['gke-1'],
    }),
  identityProvider: Text.nullable()
    .prefault(null)
    .meta({
      description: 'Who its users log in with; logins that fail because of it are grouped into one incident.',
      samples: ['github'],
    }),
  canary: z
    .boolean()
    .prefault(false)
    .describe('Known to be good: when nearly all hubs fail at once it says whether the fault is our own.'),
  tier: z
    .enum(['production', 'staging'])
    .prefault('production')
    .describe('A staging hub never declares above low severity.'),
  probes: z
    .array(z.enum(CRITERIA))
    .min(1)
    .prefault(['login', 'server'])
    .meta({ description: 'What users must be able to do here.', samples: [['login', 'server', 'dask']] }),
  schedule: Schedule.prefault('*/10 * * * *').describe('When to look: a cron expression, in UTC.'),
  jitter: WaitOrNone.prefault('60s').describe('Each run starts up to this much later, at random.'),
  maxLoginsPerHour: PositiveInteger.nullable()
    .prefault(null)
    .meta({
      description:
        'Logins of one account in any hour, where a provider limits them; runs beyond it are skipped.',
      samples: [8],
    }),
  deadline: Wait.nullable()
    .prefault(null)
    .describe('One run may take this long. Left out: as long as its limits come to, and at least 15m.'),
  answerTimeout: Wait.prefault('60s').describe(
    'A page, or the answer to a form, that has not come by then is a failure; the hub has no limit for these.',
  ),
  tls: Tls.prefault({}).describe("How the hub's certificate is checked."),
  cleanupTimeout: Wait.prefault('2m').describe(
    'Cleaning up after a run may take this long; what is left then is tried again until it is gone.',
  ),
  server: Server.prefault({}).describe('How to start a server.'),
  dask: Dask.prefault({}).describe('How to start dask workers.'),
};

const HUB_NAME = Name(/^[a-z0-9-]+$/, 'a name of a-z, 0-9 and "-"', 'staging').describe(
  'Unique; in addresses, metrics and issues.',
);
const HUB_URL = HttpUrl.describe('Where the hub is, without /hub/; may carry a base path.');

export const HUB_EXAMPLE = { name: 'staging', url: 'https://staging.example.org/', login: LOGIN_EXAMPLE };

const SECOND_ACCOUNT = SecondAccount.nullable()
  .prefault(null)
  .meta({
    description:
      'Another user of this hub, who logs in the same way: confirming runs take turns, to tell a fault of one account from a fault of the hub.',
    samples: [{ username: 'probe-2', password: { env: 'STAGING_PASSWORD_2' } }],
  });

/** A hub with every default applied. */
export const CompleteHub = z.strictObject({
  name: HUB_NAME,
  url: HUB_URL,
  ...shared,
  login: LoginSection,
  secondAccount: SECOND_ACCOUNT,
});

/** `defaults:` merged under every hub. */
export const DefaultsSection = z
  .strictObject({ ...shared, login: LoginWritten, secondAccount: SECOND_ACCOUNT })
  .partial()
  .describe('Merged under every hub.');

/** One of `hubs:`, as written. */
export const HubSection = z
  .strictObject({ name: HUB_NAME, url: HUB_URL, ...DefaultsSection.shape })
  .describe('One JupyterHub under watch.');
