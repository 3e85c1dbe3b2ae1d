import type { Hub } from '../core/hub.ts';
import { STALE_INTERVALS } from '../core/rhythm.ts';
import { startsAtWill } from '../core/spawn-budget.ts';
import { formatDuration } from './duration.ts';
import type { Draft } from './normalise.ts';
import type { Finding } from './problem.ts';
import { shortestGapMs } from '../schedule-gaps.ts';

const HOUR_MS = 3_600_000;

/** Something that works and is probably not meant. */
export type Caution = (draft: Draft) => readonly Finding[];

const openWithoutTokens: Caution = ({ service }) =>
  service === null || service.tokens.length > 0 || isLoopback(service.listen.host)
    ? []
    : [
        {
          path: ['service', 'listen', 'host'],
          message: `${service.listen.host} can be reached from elsewhere, and no token is asked of readers`,
          fix: 'write service.tokens, or listen on 127.0.0.1',
        },
      ];

/** A run that goes on past the next ones makes them be skipped; after three intervals what is known of the hub is out of date. */
const runsOutlastTheSchedule: Caution = ({ hubs }) =>
  hubs.flatMap(({ path, value: { schedule, deadlineMs } }) => {
    const gapMs = shortestGapMs(schedule);
    if (deadlineMs <= STALE_INTERVALS * gapMs) return [];
    return [
      {
        path: [...path, 'schedule'],
        message: `runs start every ${formatDuration(gapMs)} and may take ${formatDuration(deadlineMs)}: a slow one makes several be skipped`,
        fix: `write a schedule of at least every ${formatDuration(deadlineMs / STALE_INTERVALS)}, or a shorter deadline`,
      },
    ];
  });

const jitterFitsTheSchedule: Caution = ({ hubs }) =>
  hubs.flatMap(({ path, value: { schedule, jitterMs } }) => {
    const gapMs = shortestGapMs(schedule);
    if (jitterMs < gapMs) return [];
    return [
      {
        path: [...path, 'jitter'],
        message: `${formatDuration(jitterMs)} is not shorter than the ${formatDuration(gapMs)} between runs`,
        fix: `write less than ${formatDuration(gapMs)}`,
      },
    ];
  });

const slowComesBeforeLate: Caution = ({ hubs }) =>
  hubs.flatMap(({ path, value: { probes, server } }) =>
    !probes.includes('server') || server.slowAfterMs < server.startTimeoutMs
      ? []
      : [
          {
            path: [...path, 'server', 'slowAfter'],
            message: `no start is ever slow: after ${formatDuration(server.startTimeoutMs)} it has failed`,
            fix: 'write less than server.startTimeout',
          },
        ],
  );

/** One canary user's runs would stop each other's servers, so they take turns. */
const accountsAreNotShared: Caution = ({ hubs }) =>
  hubs.flatMap(({ path, value }, index) => {
    const twin = hubs
      .slice(0, index)
      .find((other) => other.value.url === value.url && shareAnAccount(other.value, value));
    if (twin === undefined) return [];
    return [
      {
        path: [...path, 'url'],
        message: `${JSON.stringify(twin.value.name)} visits this hub as the same user: their runs wait for each other`,
        fix: 'use another user, or one entry with all probes',
      },
    ];
  });

function shareAnAccount(one: Hub, other: Hub): boolean {
  const names = ({ login, secondAccount }: Hub) => [login.username, secondAccount?.username];
  return names(one).some((name) => name !== undefined && names(other).includes(name));
}

const addressIsTheHubsBase: Caution = ({ hubs }) =>
  hubs.flatMap(({ path, value: { url } }) =>
    /\/hub\/(?:login\/|home\/)?$/.test(new URL(url).pathname)
      ? [
          {
            path: [...path, 'url'],
            message: 'leads into the hub instead of to its base',
            fix: 'leave /hub/ and what follows out, unless the base path itself ends so',
          },
        ]
      : [],
  );

const secretsTravelEncrypted: Caution = ({ hubs, github }) => {
  const addresses = [
    ...hubs.map(({ path, value }) => ({ path: [...path, 'url'], url: value.url })),
    ...(github === null ? [] : [{ path: ['github', 'apiUrl'], url: github.apiUrl }]),
  ];
  return addresses
    .map(({ path, url }) => ({ path, url: new URL(url) }))
    .filter(({ url }) => url.protocol === 'http:' && !isLoopback(url.hostname))
    .map(({ path }) => ({ path, message: 'secrets are sent there unencrypted', fix: 'use https' }));
};

/** Else a network of ours that is down looks like hubs that are, all of them. */
const ourselvesAreSuspectedFirst: Caution = ({ service, github, hubs }) =>
  service === null ||
  github === null ||
  service.reachability.length > 0 ||
  hubs.some(({ value }) => value.canary)
    ? []
    : [
        {
          path: ['service', 'reachability'],
          message: "nothing tells a fault of the hubs from one of the service's own network",
          fix: 'name addresses outside that are always up, or mark a hub that is known to be good with canary: true',
        },
      ];

const declarationsAreConfirmed: Caution = ({ criteria }) =>
  criteria === null || criteria.declare.consecutive > 1
    ? []
    : [
        {
          path: ['criteria', 'declare', 'consecutive'],
          message: 'a single failed run declares an incident, unconfirmed',
          fix: 'write 2 or more',
        },
      ];

/** Failing starts are rationed below the hub's limit (core/spawn-budget.ts); judging must not need more of them. */
const startsSufficeToJudge: Caution = ({ hubs, criteria }) => {
  if (criteria === null) return [];
  const { confirmAfterMs, consecutive } = criteria.declare;
  const needed = confirmAfterMs.length > 0 ? 1 + confirmAfterMs.length : consecutive;
  return hubs.flatMap(({ path, value: { probes, server } }) => {
    const { failureLimit } = server;
    if (failureLimit === 0 || !probes.includes('server') || startsAtWill(failureLimit) >= needed) return [];
    return [
      {
        path: [...path, 'server', 'failureLimit'],
        message: `leaves ${startsAtWill(failureLimit)} of the ${needed} failed starts that declare an incident: the others wait half an hour or longer`,
        fix: `write ${needed + 2} or more if the hub allows it, or fewer criteria.declare.confirmAfter`,
      },
    ];
  });
};

/** A ceiling that the schedule alone uses up leaves a first failure unconfirmed until the next hour. */
const loginsSufficeToConfirm: Caution = ({ hubs, criteria }) => {
  const confirmations = criteria?.declare.confirmAfterMs.length ?? 0;
  return hubs.flatMap(({ path, value: { schedule, maxLoginsPerHour } }) => {
    const scheduled = Math.ceil(HOUR_MS / shortestGapMs(schedule));
    if (maxLoginsPerHour === null || maxLoginsPerHour >= scheduled + confirmations) return [];
    const rest = Math.max(0, maxLoginsPerHour - scheduled);
    return [
      {
        path: [...path, 'maxLoginsPerHour'],
        message: `${maxLoginsPerHour} logins an hour are ${rest} more than the schedule's ${scheduled}: ${confirmations} runs that confirm a failure would wait for their turn`,
        fix: `write ${scheduled + confirmations} or more, or a wider schedule`,
      },
    ];
  });
};

/** All of them; each finding is a warning. */
export const CAUTIONS: readonly Caution[] = [
  openWithoutTokens,
  runsOutlastTheSchedule,
  jitterFitsTheSchedule,
  slowComesBeforeLate,
  accountsAreNotShared,
  addressIsTheHubsBase,
  secretsTravelEncrypted,
  ourselvesAreSuspectedFirst,
  declarationsAreConfirmed,
  startsSufficeToJudge,
  loginsSufficeToConfirm,
];

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || /^\[?::1\]?$/.test(host) || host.startsWith('127.')
  );
}
