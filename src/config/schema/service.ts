import { z } from 'zod';
import { SCOPES } from '../config.ts';
import { Duration, HttpUrl, Name, PositiveInteger, Size, Text, WaitOrNone } from './fields.ts';
import { SecretReference } from './secret-reference.ts';

const Listen = z.strictObject({
  host: Text.prefault('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every one.'),
  port: z.number().int().min(0).max(65_535).prefault(8080).describe('Port to listen on; 0 for any free one.'),
});

const Store = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('sqlite').describe('One file on disk; one replica.'),
      path: Text.prefault('data/hubcanary.db').describe('The database file; made when it is missing.'),
    }),
  ],
  {
    error: ({ input }) =>
      isPostgres(input) ? 'postgres is not available in this version; use sqlite' : undefined,
  },
);

/** The one kind that documents mention and this version lacks deserves better than "unknown". */
function isPostgres(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'kind' in input && input.kind === 'postgres';
}

const Confirmations = z.strictObject({
  atOnce: PositiveInteger.prefault(2).describe('Confirming runs in flight at once,'),
  spread: WaitOrNone.prefault('15s').describe('Each begins up to this much later, by its name.'),
  atOncePerCluster: PositiveInteger.prefault(1).describe('and of these, on hubs of one cluster.'),
});

const Runs = z.strictObject({
  maxAge: Duration.prefault('90d').describe(
    'Records of runs that are older, and what was told longer ago, are removed; what an incident speaks of stays.',
  ),
});

const Evidence = z.strictObject({
  directory: Text.prefault('data/evidence').describe('Where screenshots and traces of runs are kept.'),
  maxAge: Duration.prefault('14d').describe('Older evidence is removed.'),
  maxSize: Size.prefault('2GiB').describe('When there is more than this, the oldest is removed first.'),
});

const Browser = z.strictObject({
  executable: Text.nullable()
    .prefault(null)
    .describe('The browser to start; an installed one is found by itself.'),
  sandbox: z
    .enum(['auto', 'required', 'off'])
    .prefault('auto')
    .describe("Chromium's own sandbox: auto uses it where the system allows it."),
});

const Token = z.strictObject({
  name: Name(/^[\w.-]+$/, 'a name of letters, digits, ".", "_" and "-"', 'ci').describe(
    'Who it is for; shown in logs.',
  ),
  secret: SecretReference,
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .meta({ description: 'What its bearer may do.', samples: [['read', 'run']] }),
});

/** `service:` how this service itself runs. */
export const ServiceSection = z
  .strictObject({
    listen: Listen.prefault({}).describe('Where HTTP and metrics are served.'),
    publicUrl: HttpUrl.nullable()
      .prefault(null)
      .describe('Where people reach this service; for links in issues.'),
    store: Store.prefault({ kind: 'sqlite' }).describe('Where runs and incidents are kept.'),
    concurrency: PositiveInteger.prefault(2).describe('Runs in flight at once.'),
    confirmations: Confirmations.prefault({}).describe('So that a fleet in trouble is not given more.'),
    memoryPerRun: Size.prefault('1GiB').describe(
      'A run that takes more, its browser included, is ended as errored.',
    ),
    runs: Runs.prefault({}).describe('How long the history lasts: 4 kB a run.'),
    evidence: Evidence.prefault({}).describe('What is kept to show why a run did not pass.'),
    browser: Browser.prefault({}).describe('The browser that visits the hubs.'),
    tokens: z
      .array(Token)
      .prefault([])
      .describe('Bearer tokens of the HTTP interface. None: writes only from loopback.'),
    reachability: z
      .array(HttpUrl)
      .prefault([])
      .describe(
        "Addresses outside: if none answers, the service's own network is down and no hub is blamed.",
      ),
  })
  .describe('How this service itself runs.');
