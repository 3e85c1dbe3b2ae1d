const STEP_FIX =
  "write one of fill, select, check, uncheck, click, waitFor, submit with a selector, and for fill and select what with: {fill: '#hours', with: '4'}";

/** What is said about each file or folder in `mistakes/`: what is wrong, then what would be right. */
export const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'confirm-after-falls.yaml': [
    'confirm-after-falls.yaml:5  criteria.declare.confirmAfter[1]: 1m is not after 1m',
    'count each from the first failure: [45s, 90s]',
  ],
  'deadline-shorter-than-dask.yaml': [
    'deadline-shorter-than-dask.yaml:6  hubs[0].deadline: 15m is over before dask.workerTimeout (20m) is',
    'write more than 20m, or a shorter dask.workerTimeout',
  ],
  'deadline-too-short.yaml': [
    'deadline-too-short.yaml:5  hubs[0].deadline: 10m is over before server.startTimeout (10m) is',
    'write more than 10m, or a shorter server.startTimeout',
  ],
  'duplicate-key.yaml': ['duplicate-key.yaml:3:3  the key concurrency is written twice', 'keep one of them'],
  'history-too-short.yaml': [
    'history-too-short.yaml:7  service.runs.maxAge: 2d is less than runs are looked back at',
    'write at least 2d12h',
  ],
  'duration-form.yaml': [
    'duration-form.yaml:5  hubs[0].deadline: "10 minutes" is not a duration',
    'write whole numbers with units, largest first: 90s, 12m, 1h30m, 14d',
  ],
  'duration-number.yaml': [
    'duration-number.yaml:5  hubs[0].deadline: must be text, not a number',
    'for example 90s',
  ],
  'duration-too-long.yaml': [
    'duration-too-long.yaml:5  hubs[0].deadline: must be at most 1d',
    'write whole numbers with units, largest first: 90s, 12m, 1h30m, 14d',
  ],
  'duration-zero.yaml': [
    'duration-zero.yaml:5  hubs[0].deadline: must be longer than nothing',
    'write whole numbers with units, largest first: 90s, 12m, 1h30m, 14d',
  ],
  'empty.yaml': [
    'empty.yaml  hubs: is missing',
    'write hubs: [{name: staging, url: https://staging.example.org/, login: {kind: password, username: probe, password: {env: STAGING_PASSWORD}}}]',
  ],
  'folder-without-yaml': [
    'folder-without-yaml  holds no *.yaml file',
    'name a YAML file or a folder of them',
  ],
  'github-app-incomplete.yaml': [
    'github-app-incomplete.yaml:5  github.auth.app.installation: is missing',
    'write installation: 2',
  ],
  'github-two-auths.yaml': [
    'github-two-auths.yaml:5  github.auth: says both token and app',
    'write token: {file: PATH}, or app: {id: 1, installation: 2, privateKey: {file: PATH}}',
  ],
  'github-without-auth.yaml': [
    'github-without-auth.yaml:5  github.auth: does not say how to log in to GitHub',
    'write token: {file: PATH}, or app: {id: 1, installation: 2, privateKey: {file: PATH}}',
  ],
  'hub-name-form.yaml': [
    'hub-name-form.yaml:2  hubs[0].name: "Staging Hub" is not a name of a-z, 0-9 and "-"',
    'for example staging',
  ],
  'hub-name-twice.yaml': [
    'hub-name-twice.yaml:5  hubs[1].name: "staging" is the name of hubs[0] too',
    'give each hub a name of its own',
  ],
  'hub-without-login.yaml': [
    'hub-without-login.yaml:2  hubs[0].login: is missing',
    'write login: {kind: password, username: probe, password: {env: STAGING_PASSWORD}}, here or under defaults',
  ],
  'hub-without-name.yaml': ['hub-without-name.yaml:2  hubs[0].name: is missing', 'write name: staging'],
  'hub-without-url.yaml': [
    'hub-without-url.yaml:2  hubs[0].url: is missing',
    'write url: https://hub.example.org/',
  ],
  'hubs-no-list.yaml': [
    'hubs-no-list.yaml:1  hubs: must be a list, not a mapping',
    'for example [{name: staging, url: https://staging.example.org/, login: {kind: password, username: probe, password: {env: STAGING_PASSWORD}}}]',
  ],
  'login-incomplete.yaml': [
    'login-incomplete.yaml:6  hubs[0].login.password: is missing',
    'write password: {env: STAGING_PASSWORD}, here or under defaults',
  ],
  'login-kind-unknown.yaml': [
    'login-kind-unknown.yaml:4  hubs[0].login.kind: "oauth" is not a known way to log in',
    'known: password',
  ],
  'maintenance-backwards.yaml': [
    'maintenance-backwards.yaml:5  maintenance[0].to: 2026-12-01T10:00:00.000Z is not after 2026-12-01T10:00:00.000Z',
    'write a time after from',
  ],
  'maintenance-unknown-hub.yaml': [
    'maintenance-unknown-hub.yaml:5  maintenance[0].hubs[0]: there is no hub "stagin"',
    'did you mean "staging"?',
  ],
  'maintenance-without-zone.yaml': [
    'maintenance-without-zone.yaml:5  maintenance[0].from: "2026-12-01T09:00" is not a time',
    'write date, time and zone: 2026-12-01T09:00Z',
  ],
  'no-hubs.yaml': [
    'no-hubs.yaml:1  hubs: must not be empty',
    'for example [{name: staging, url: https://staging.example.org/, login: {kind: password, username: probe, password: {env: STAGING_PASSWORD}}}]',
  ],
  'notify-name-twice.yaml': [
    'notify-name-twice.yaml:7  notify[1].name: "chat" is the name of notify[0] too',
    'give each a name of its own',
  ],
  'notify-several.yaml': [
    'notify-several.yaml:6  notify[0].kind: "email" is not one of webhook',
    'known: webhook',
    'notify-several.yaml:6  notify[0].name: "The Chat" is not a name of a-z, 0-9 and "-"',
    'for example chat',
    'notify-several.yaml:6  notify[0].url: secrets are never literal',
    'write {env: NAME} or {file: PATH}',
    'notify-several.yaml:6  notify[0].format: "teams" is not one of json, slack',
    'known: json, slack',
    'notify-several.yaml:7  notify[1].url: is missing',
    'write url: {env: STAGING_PASSWORD}',
  ],
  'not-a-mapping.yaml': [
    'not-a-mapping.yaml:1  must be a mapping of keys',
    'write keys at the left margin: hubs:, service:, github:',
  ],
  'not-yaml.yaml': [
    'not-yaml.yaml:2:1  is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    'indent things of one level by the same number of spaces, and close every bracket',
  ],
  'option-list.yaml': [
    'option-list.yaml:5  hubs[0].dask.clusterOptions.image: must be text, a number, true or false, not a list',
    'for example 2',
  ],
  'port-too-large.yaml': [
    'port-too-large.yaml:5  service.listen.port: must be at most 65535',
    'for example 8080',
  ],
  'probe-unknown.yaml': [
    'probe-unknown.yaml:5  hubs[0].probes[1]: "servers" is not one of login, server, dask',
    'did you mean "server"?',
  ],
  'probes-empty.yaml': [
    'probes-empty.yaml:5  hubs[0].probes: must not be empty',
    'for example [login, server, dask]',
  ],
  'probes-without-login.yaml': [
    'probes-without-login.yaml:5  hubs[0].probes: server cannot be tried without login',
    'write [login, server]',
  ],
  'probes-without-server.yaml': [
    'probes-without-server.yaml:5  hubs[0].probes: dask cannot be tried without server',
    'write [login, server, dask]',
  ],
  'page-steps.yaml': [
    'page-steps.yaml:7  hubs[0].login.steps[0]: does not say one thing to do',
    STEP_FIX,
    'page-steps.yaml:10  hubs[0].server.form[0]: does not say what to fill',
    STEP_FIX,
    'page-steps.yaml:11  hubs[0].server.form[1]: check goes without "with"',
    STEP_FIX,
    'page-steps.yaml:12  hubs[0].server.form[2].tick: unknown key',
    'known here: fill, select, with, check, uncheck, click, waitFor, submit',
    'page-steps.yaml:12  hubs[0].server.form[2]: does not say one thing to do',
    STEP_FIX,
  ],
  'page-steps-after-submit.yaml': [
    'page-steps-after-submit.yaml:5  hubs[0].server.form[0]: nothing can follow a submit',
    'write it last',
  ],
  'profile-option-number.yaml': [
    'profile-option-number.yaml:5  hubs[0].server.profileOptions.cpu: must be text, not a number',
    'for example "2"',
  ],
  'query-and-form.yaml': [
    'query-and-form.yaml:5  hubs[0].server.profile: is for the options form, and server.query goes past it',
    'write one of server.profile and server.query',
  ],
  'repository-form.yaml': [
    'repository-form.yaml:5  github.repository: "https://github.com/owner/name" is not of the form OWNER/NAME',
    'for example owner/infrastructure',
  ],
  'schedule-field.yaml': [
    'schedule-field.yaml:5  hubs[0].schedule: "61 * * * *" is not a schedule: 61 in field "minute"',
    'write five fields, minute hour day month weekday, in UTC: "*/10 * * * *"',
  ],
  'schedule-form.yaml': [
    'schedule-form.yaml:5  hubs[0].schedule: "*/10 * *" is not a schedule',
    'write five fields, minute hour day month weekday, in UTC: "*/10 * * * *"',
  ],
  'second-account-is-the-first.yaml': [
    'second-account-is-the-first.yaml:5  hubs[0].secondAccount.username: "probe" is the first account too',
    'name another user, or leave secondAccount out',
  ],
  'secret-in-env.yaml': [
    'secret-in-env.yaml:4  hubs[0].login.password: env must hold the name of an environment variable',
    'write {env: NAME} or {file: PATH}',
  ],
  'secret-in-two-places.yaml': [
    'secret-in-two-places.yaml:4  hubs[0].login.password: says both env and file',
    'write {env: NAME} or {file: PATH}',
  ],
  'secret-literal.yaml': [
    'secret-literal.yaml:4  hubs[0].login.password: secrets are never literal',
    'write {env: NAME} or {file: PATH}',
  ],
  'secret-number.yaml': [
    'secret-number.yaml:4  hubs[0].login.password: secrets are never literal',
    'write {env: NAME} or {file: PATH}',
  ],
  'secret-unknown-source.yaml': [
    'secret-unknown-source.yaml:4  hubs[0].login.password: does not say where the secret is',
    'write {env: NAME} or {file: PATH}',
  ],
  'several.yaml': [
    'several.yaml:1  service.concurrency: must be at least 1',
    'for example 2',
    'several.yaml:2  defaults.tier: "prod" is not one of production, staging',
    'known: production, staging',
    'several.yaml:4  hubs[0].login.password: secrets are never literal',
    'write {env: NAME} or {file: PATH}',
    'several.yaml:4  hubs[0].colour: unknown key',
    'known here: name, url, cluster, identityProvider, canary, tier, probes, schedule, jitter, maxLoginsPerHour, deadline, answerTimeout, tls, cleanupTimeout, server, dask, login, secondAccount',
    'several.yaml:5  hubs[1].url: is missing',
    'write url: https://hub.example.org/',
    'several.yaml:5  hubs[1].name: "a" is the name of hubs[0] too',
    'give each hub a name of its own',
    'several.yaml:6  maintenance[0].hubs[0]: there is no hub "b"',
    'did you mean "a"?',
    'several.yaml:6  maintenance[0].to: 2026-12-01T08:00:00.000Z is not after 2026-12-01T09:00:00.000Z',
    'write a time after from',
  ],
  'share-too-large.yaml': [
    'share-too-large.yaml:5  criteria.group.share: must be at most 1',
    'for example 0.5',
  ],
  'size-form.yaml': [
    'size-form.yaml:5  service.memoryPerRun: "1 GB" is not a size',
    'write a whole number with one of the units KiB, MiB, GiB, TiB: 500MiB',
  ],
  'store-postgres.yaml': [
    'store-postgres.yaml:5  service.store.kind: postgres is not available in this version; use sqlite',
    'known: sqlite',
  ],
  'store-unknown.yaml': [
    'store-unknown.yaml:5  service.store.kind: "redis" is not one of sqlite',
    'known: sqlite',
  ],
  'store-without-kind.yaml': [
    'store-without-kind.yaml:5  service.store.kind: is missing',
    'write kind: sqlite',
  ],
  'tab-indent.yaml': [
    'tab-indent.yaml:2:1  is not YAML: Tabs are not allowed as indentation',
    'indent with spaces',
  ],
  'tier-unknown.yaml': [
    'tier-unknown.yaml:5  hubs[0].tier: "prod" is not one of production, staging',
    'known: production, staging',
  ],
  'token-name-twice.yaml': [
    'token-name-twice.yaml:8  service.tokens[1].name: "ci" is the name of service.tokens[0] too',
    'give each token a name of its own',
  ],
  'token-scope-unknown.yaml': [
    'token-scope-unknown.yaml:6  service.tokens[0].scopes[0]: "write" is not one of read, run, admin',
    'known: read, run, admin',
  ],
  'token-without-scopes.yaml': [
    'token-without-scopes.yaml:6  service.tokens[0].scopes: must not be empty',
    'for example [read, run]',
  ],
  'top-level-key-twice': [
    'top-level-key-twice/b.yml:2  hubs: is written in a.yaml too',
    'keep each top-level key in one file',
  ],
  'two-broken-files': [
    'two-broken-files/a.yaml:2:1  is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    'indent things of one level by the same number of spaces, and close every bracket',
    'two-broken-files/b.yaml:2:1  is not YAML: Missing closing "quote',
    'check brackets, quotes and colons around here',
  ],
  'two-documents.yaml': [
    'two-documents.yaml:2:1  is not YAML: Source contains multiple documents',
    'remove the --- line: one file is one document',
  ],
  'unknown-alias.yaml': [
    'unknown-alias.yaml  an alias (*name) stands for nothing, or for far too much',
    'quote the text if it begins with *, or write the anchor (&name) first',
  ],
  'unknown-key-far.yaml': [
    'unknown-key-far.yaml:5  hubs[0].colour: unknown key',
    'known here: name, url, cluster, identityProvider, canary, tier, probes, schedule, jitter, maxLoginsPerHour, deadline, answerTimeout, tls, cleanupTimeout, server, dask, login, secondAccount',
  ],
  'unknown-key-near.yaml': [
    'unknown-key-near.yaml:5  hubs[0].schedul: unknown key',
    'did you mean "schedule"?',
  ],
  'unknown-section.yaml': ['unknown-section.yaml:5  hub: unknown key', 'did you mean "hubs"?'],
  'unknown-tag.yaml': [
    'unknown-tag.yaml:2:11  is not YAML: Unresolved tag',
    'remove the tag; quote the text if it begins with !',
  ],
  'url-not-http.yaml': [
    'url-not-http.yaml:3  hubs[0].url: is not an http or https address',
    'write https://HOST/ or https://HOST/PATH/',
  ],
  'url-with-credentials.yaml': [
    'url-with-credentials.yaml:3  hubs[0].url: must not hold a name or password',
    'write https://HOST/ or https://HOST/PATH/',
  ],
  'url-with-query.yaml': [
    'url-with-query.yaml:3  hubs[0].url: must not hold a query or a fragment',
    'write https://HOST/ or https://HOST/PATH/',
  ],
  'workers-fraction.yaml': [
    'workers-fraction.yaml:5  hubs[0].dask.workers: must be a whole number, not a fraction',
    'for example 1',
  ],
  'workers-none.yaml': ['workers-none.yaml:5  hubs[0].dask.workers: must be at least 1', 'for example 1'],
};
