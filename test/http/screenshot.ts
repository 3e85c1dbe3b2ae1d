import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';
import type { Run } from '../../src/core/run.ts';
import type { VerdictKind } from '../../src/core/verdict.ts';
import { findBrowser } from '../../src/find-browser.ts';
import { anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import { aVerdict } from '../build/verdict.ts';
import { NOW, aHub, aWorld } from './world.ts';

/** Pictures of the pages with a believable state. Argument: where they go (default `docs`, the README's picture alone). */
const folder = process.argv[2] ?? null;
const names = ['staging', 'research', 'teaching', 'ocean', 'climate', 'genomics'];
await using world = await aWorld({
  hubs: names.map((name) => aHub(name, name === 'staging' ? { tier: 'staging' } : {})),
});
const { store, app } = world;

const commit = (run: Run | null, rest: object = {}) =>
  store.commit({ run, verdicts: [], incidents: [], events: [], effects: [], proven: null, ...rest });

const STEPS = [
  ['login', 'open the login page', 0.3],
  ['login', 'submit the login form', 0.4],
  ['login', 'arrive at the home page', 0.1],
  ['server', 'ask for a server', 0.3],
  ['server', 'wait until it is ready', 6.4],
  ['server', 'open JupyterLab', 1.9],
  ['server', 'run code and compare the answer', 0.6],
] as const;

let lastFailed = '';
for (const [hubIndex, hub] of names.entries()) {
  for (let index = 60; index >= 1; index -= 1) {
    const startedAt = new Date(NOW.getTime() - index * 600_000 + hubIndex * 20_000).toISOString();
    const seconds = 10 + ((index * 7 + hubIndex * 13) % 9) + (index % 17 === 0 ? 12 : 0);
    const isBroken = hub === 'ocean' && index <= 4;
    const isBlip = hub === 'teaching' && index === 23;
    const steps = STEPS.map(([criterion, name, took]) => ({
      criterion,
      name,
      status: 'passed' as const,
      seconds: took * (1 + ((index * 5 + hubIndex) % 7) / 20 + (index % 17 === 0 ? 0.6 : 0)),
    }));
    const run =
      isBroken || isBlip
        ? aFailedRun('server', 'spawn-timeout', {
            hub,
            startedAt,
            finishedAt: startedAt,
            durationSeconds: 31,
            failure: {
              criterion: 'server',
              step: 'wait until it is ready',
              reason: 'spawn-timeout',
              attribution: 'hub',
              message:
                'the hub gave up waiting for the server to start: "pod jupyter-canary did not start in 300 seconds!"',
            },
            steps: [
              ...steps.slice(0, 4),
              {
                criterion: 'server',
                name: 'wait until it is ready',
                status: 'failed',
                seconds: 27.4,
                note: '0/3 nodes are available',
              },
              { criterion: 'server', name: 'open JupyterLab', status: 'skipped', seconds: null },
              {
                criterion: 'server',
                name: 'run code and compare the answer',
                status: 'skipped',
                seconds: null,
              },
            ],
          })
        : aRun({ hub, startedAt, finishedAt: startedAt, durationSeconds: seconds, steps });
    if (isBroken) lastFailed = run.id;
    await commit(run);
  }
  const verdictOf = (criterion: Criterion): VerdictKind => {
    if (hub === 'ocean' && criterion !== 'login') return criterion === 'server' ? 'broken' : 'unknown';
    return hub === 'climate' && criterion === 'dask' ? 'recovering' : 'healthy';
  };
  const since = new Date(
    NOW.getTime() - (hub === 'ocean' ? 2_400_000 : 86_400_000 * (hubIndex + 2)),
  ).toISOString();
  const verdicts = CRITERIA.map((criterion) =>
    aVerdict({ hub, criterion, verdict: verdictOf(criterion), since }),
  );
  await commit(null, { verdicts });
}
const minutesAgo = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const incident = anIncident({
  scope: { kind: 'hub', id: 'ocean' },
  startedAt: minutesAgo(40),
  declaredAt: minutesAgo(37),
  revision: 4,
  issue: { number: 412, url: 'https://github.com/owner/infrastructure/issues/412' },
  firstRun: lastFailed,
  lastFailedRun: lastFailed,
});
const HAPPENED = [
  ['declared', 37, 'users can’t start a server: 3 runs in a row failed with spawn-timeout'],
  ['issue-opened', 36, 'issue #412'],
  ['mitigated', 22, 'a run passed; 3 in a row resolve it'],
  ['regressed', 9, 'users can’t start a server again: spawn-timeout'],
] as const;
const events = HAPPENED.map(([kind, minutes, because], index) =>
  anEventOf(incident, { kind, because, revision: index + 1, at: minutesAgo(minutes) }),
);
await commit(null, { incidents: [incident], events });

const url = await app.listen({ host: '127.0.0.1', port: 0 });
const found = findBrowser(null);
const browser = await chromium.launch(
  found?.kind === 'installed' ? { executablePath: found.executable } : {},
);
const shoot = async (path: string, file: string, width: number, colorScheme: 'light' | 'dark') => {
  const page = await browser.newPage({
    viewport: { width, height: 800 },
    colorScheme,
    deviceScaleFactor: width < 500 ? 2 : 1,
  });
  await page.goto(url + path);
  await page.screenshot({ path: file, fullPage: true });
  await page.close();
};
if (folder === null) {
  await mkdir('docs', { recursive: true });
  await shoot('/', join('docs', 'status-page.png'), 1280, 'light');
} else {
  await mkdir(folder, { recursive: true });
  const pages = {
    status: '/',
    hub: '/hubs/ocean',
    run: `/runs/${lastFailed}`,
    incident: `/incidents/${incident.id}`,
  };
  for (const [name, path] of Object.entries(pages)) {
    for (const scheme of ['light', 'dark'] as const) {
      await shoot(path, join(folder, `${name}-${scheme}.png`), 1280, scheme);
      await shoot(path, join(folder, `${name}-${scheme}-phone.png`), 390, scheme);
    }
  }
}
await browser.close();
