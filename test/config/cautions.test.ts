import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { renderWarnings } from '../../src/config/message.ts';
import { aConfig } from './config-files.ts';

const TWIN =
  '  - {name: twin, url: https://staging.example.org/base/, login: {kind: password, username: probe, password: {env: B}}}';

describe('warnings', () => {
  it.each([
    [
      'a service that others can reach without a token',
      { sections: 'service: {listen: {host: 0.0.0.0}}' },
      ':5  warning: service.listen.host: 0.0.0.0 can be reached from elsewhere, and no token is asked of readers',
      'write service.tokens, or listen on 127.0.0.1',
    ],
    [
      'runs that outlast the schedule',
      { hub: 'schedule: "*/4 * * * *"' },
      ':5  warning: hubs[0].schedule: runs start every 4m and may take 15m: a slow one makes several be skipped',
      'write a schedule of at least every 5m, or a shorter deadline',
    ],
    [
      'a jitter as long as the schedule',
      { hub: 'jitter: 10m' },
      ':5  warning: hubs[0].jitter: 10m is not shorter than the 10m between runs',
      'write less than 10m',
    ],
    [
      'a ration of failing starts that is too small to judge by',
      { hub: 'server: {failureLimit: 4}' },
      ':5  warning: hubs[0].server.failureLimit: leaves 2 of the 3 failed starts that declare an incident: the others wait half an hour or longer',
      'write 5 or more if the hub allows it, or fewer criteria.declare.confirmAfter',
    ],
    [
      'a ceiling of logins that the schedule uses up',
      { hub: 'maxLoginsPerHour: 7' },
      ":5  warning: hubs[0].maxLoginsPerHour: 7 logins an hour are 1 more than the schedule's 6: 2 runs that confirm a failure would wait for their turn",
      'write 8 or more, or a wider schedule',
    ],
    [
      'a start that fails before it is slow',
      { hub: 'server: {startTimeout: 2m}' },
      ':5  warning: hubs[0].server.slowAfter: no start is ever slow: after 2m it has failed',
      'write less than server.startTimeout',
    ],
    [
      'issues without a way to suspect ourselves first',
      { sections: 'github: {repository: owner/name, auth: {token: {env: T}}}' },
      "  warning: service.reachability: nothing tells a fault of the hubs from one of the service's own network",
      'name addresses outside that are always up, or mark a hub that is known to be good with canary: true',
    ],
    [
      'two entries that are one user of one hub',
      { sections: TWIN },
      ':5  warning: hubs[1].url: "staging" visits this hub as the same user: their runs wait for each other',
      'use another user, or one entry with all probes',
    ],
    [
      'two entries of which one has the other as its second account',
      {
        sections: TWIN.replace('username: probe', 'username: other'),
        hub: 'secondAccount: {username: other, password: {env: B}}',
      },
      ':6  warning: hubs[1].url: "staging" visits this hub as the same user: their runs wait for each other',
      'use another user, or one entry with all probes',
    ],
    [
      'an address inside the hub',
      { sections: TWIN.replace('/base/', '/hub/login') },
      ':5  warning: hubs[1].url: leads into the hub instead of to its base',
      'leave /hub/ and what follows out, unless the base path itself ends so',
    ],
    [
      'a password that travels in clear text',
      { sections: TWIN.replace('https://staging', 'http://twin') },
      ':5  warning: hubs[1].url: secrets are sent there unencrypted',
      'use https',
    ],
    [
      'an incident after a single run',
      { sections: 'criteria: {declare: {consecutive: 1}}' },
      ':5  warning: criteria.declare.consecutive: a single failed run declares an incident, unconfirmed',
      'write 2 or more',
    ],
  ])('tell of %s', (_what, parts, expected, fix) => {
    const path = aConfig(parts);

    const { warnings } = loadConfig(path);

    expect(renderWarnings(warnings)).toBe(`${path}${expected}\n    ${fix}\n1 warning`);
  });

  it.each([
    [
      'a service that asks for a token',
      { sections: 'service: {listen: {host: "::"}, tokens: [{name: a, secret: {env: A}, scopes: [read]}]}' },
    ],
    ['a service on loopback', { sections: 'service: {listen: {host: "::1"}}' }],
    [
      'plain http on loopback',
      { sections: TWIN.replace('https://staging.example.org', 'http://127.0.0.1:8000') },
    ],
    ['the same hub by another user', { sections: TWIN.replace('username: probe', 'username: other') }],
    ['a daily run', { hub: 'schedule: "0 6 * * 1"\n    jitter: 1h' }],
  ])('do not tell of %s', (_what, parts) => {
    expect(loadConfig(aConfig(parts)).warnings).toEqual([]);
  });
});
