import { CRITERIA } from '../core/criterion.ts';
import { reachOf } from '../core/spawn-budget.ts';
import { formatDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import type { Draft } from './normalise.ts';
import type { ConfigPath, Finding } from './problem.ts';
import { timeLimitsOf } from './time-limits.ts';

const DAY_MS = 86_400_000;

/** Something that has to hold between values that are each fine by themselves. `names` are those of all hubs, good or not. */
export type Rule = (draft: Draft, names: readonly HubName[]) => readonly Finding[];

export interface HubName {
  readonly path: ConfigPath;
  readonly name: string;
}

const hubNamesAreUnique: Rule = (_draft, names) =>
  names.flatMap(({ name, path }, index) => {
    const first = names.findIndex((other) => other.name === name);
    if (first === index) return [];
    const fix = 'give each hub a name of its own';
    return [{ path, message: `${JSON.stringify(name)} is the name of hubs[${first}] too`, fix }];
  });

/** Each criterion builds on those before it: without a login there is no server to start, without a server no dask. */
const probesComeWithWhatTheyNeed: Rule = ({ hubs }) =>
  hubs.flatMap(({ path, value: { probes } }) => {
    const needed = CRITERIA.slice(0, 1 + Math.max(...probes.map((criterion) => CRITERIA.indexOf(criterion))));
    const missing = needed.filter((criterion) => !probes.includes(criterion));
    if (missing.length === 0) return [];
    const last = needed.at(-1);
    return [
      {
        path: [...path, 'probes'],
        message: `${last} cannot be tried without ${missing.join(' and ')}`,
        fix: `write [${needed.join(', ')}]`,
      },
    ];
  });

/** It is there to tell a fault of one account from a fault of the hub. */
const secondAccountIsAnother: Rule = ({ hubs }) =>
  hubs.flatMap(({ path, value: { login, secondAccount } }) =>
    secondAccount === null || secondAccount.username !== login.username
      ? []
      : [
          {
            path: [...path, 'secondAccount', 'username'],
            message: `${JSON.stringify(login.username)} is the first account too`,
            fix: 'name another user, or leave secondAccount out',
          },
        ],
  );

/** A run that gives up before the hub does can never say whose fault it was. */
const deadlineOutlastsTheHub: Rule = ({ hubs }) =>
  hubs.flatMap(({ path, value: hub }) => {
    const [longest] = timeLimitsOf(hub)
      .filter(({ ms }) => ms >= hub.deadlineMs)
      .toSorted((a, b) => b.ms - a.ms);
    if (longest === undefined) return [];
    return [
      {
        path: [...path, 'deadline'],
        message: `${formatDuration(hub.deadlineMs)} is over before ${longest.name} (${formatDuration(longest.ms)}) is`,
        fix: `write more than ${formatDuration(longest.ms)}, or a shorter ${longest.name}`,
      },
    ];
  });

/** What was forgotten can't be counted: our failing starts are rationed by those of days ago. */
const historyReachesFarEnough: Rule = ({ service, hubs }) => {
  const reachMs = Math.max(DAY_MS, ...hubs.map(({ value: { server } }) => reachOf(server.failureLimit)));
  if (service === null || service.runs.maxAgeMs >= reachMs) return [];
  return [
    {
      path: ['service', 'runs', 'maxAge'],
      message: `${formatDuration(service.runs.maxAgeMs)} is less than runs are looked back at`,
      fix: `write at least ${formatDuration(reachMs)}`,
    },
  ];
};

/** With options in its address the hub starts the server at once and shows no form. */
const queryGoesPastTheForm: Rule = ({ hubs }) =>
  hubs.flatMap(({ path, value: { server } }) => {
    if (Object.keys(server.query).length === 0) return [];
    const unused = [
      ...(server.profile === null ? [] : ['profile']),
      ...(Object.keys(server.profileOptions).length === 0 ? [] : ['profileOptions']),
      ...(server.form.length === 0 ? [] : ['form']),
    ];
    return unused.map((key) => ({
      path: [...path, 'server', key],
      message: 'is for the options form, and server.query goes past it',
      fix: `write one of server.${key} and server.query`,
    }));
  });

const maintenanceNamesKnownHubs: Rule = ({ maintenance }, names) =>
  maintenance.flatMap(({ path, value }) =>
    value.hubs.flatMap((hub, index) => {
      const known = names.map(({ name }) => name);
      if (known.includes(hub)) return [];
      const near = nearest(hub, known);
      const fix = near === null ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
      return [{ path: [...path, 'hubs', index], message: `there is no hub ${JSON.stringify(hub)}`, fix }];
    }),
  );

const maintenanceEndsAfterItBegins: Rule = ({ maintenance }) =>
  maintenance.flatMap(({ path, value: { from, to } }) =>
    // Both are in the one form of ISO 8601 in which texts sort as times do.
    from < to
      ? []
      : [{ path: [...path, 'to'], message: `${to} is not after ${from}`, fix: 'write a time after from' }],
  );

const confirmationsComeOneAfterTheOther: Rule = ({ criteria }) =>
  (criteria?.declare.confirmAfterMs ?? []).flatMap((ms, index, all) => {
    const before = all[index - 1];
    if (before === undefined || ms > before) return [];
    return [
      {
        path: ['criteria', 'declare', 'confirmAfter', index],
        message: `${formatDuration(ms)} is not after ${formatDuration(before)}`,
        fix: 'count each from the first failure: [45s, 90s]',
      },
    ];
  });

const tokenNamesAreUnique: Rule = ({ service }) =>
  (service?.tokens ?? []).flatMap(({ name }, index, all) => {
    const first = all.findIndex((other) => other.name === name);
    if (first === index) return [];
    const message = `${JSON.stringify(name)} is the name of service.tokens[${first}] too`;
    return [
      { path: ['service', 'tokens', index, 'name'], message, fix: 'give each token a name of its own' },
    ];
  });

const notifierNamesAreUnique: Rule = ({ notify }) =>
  notify.flatMap(({ path, value: { name } }, index) => {
    const first = notify.findIndex((other) => other.value.name === name);
    if (first === index) return [];
    const message = `${JSON.stringify(name)} is the name of notify[${first}] too`;
    return [{ path: [...path, 'name'], message, fix: 'give each a name of its own' }];
  });

/** All of them; each finding is a problem. */
export const RULES: readonly Rule[] = [
  hubNamesAreUnique,
  probesComeWithWhatTheyNeed,
  secondAccountIsAnother,
  deadlineOutlastsTheHub,
  historyReachesFarEnough,
  queryGoesPastTheForm,
  maintenanceNamesKnownHubs,
  maintenanceEndsAfterItBegins,
  confirmationsComeOneAfterTheOther,
  tokenNamesAreUnique,
  notifierNamesAreUnique,
];
