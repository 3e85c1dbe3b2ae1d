import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { executeInPage, openSocketInPage, startKernelInPage } from '../../../src/jupyterhub/kernel-page.ts';
import { findBrowser } from '../../../src/find-browser.ts';
import { BROWSER_PATH, DASK_CODE, stopServerInPage } from './journey.ts';
import type { Places } from './install.ts';
import type { Command, Measured } from './meter.ts';

/** Where a contestant goes, and as whom. */
export interface Visit {
  readonly hubUrl: string;
  readonly user: string;
  /** Null when it is not where it should be. */
  readonly password: string | null;
  /** In place of the one that is found; null for that. */
  readonly browser: string | null;
  /** What else must be reachable from here; only Hubcanary asks. */
  readonly reachability: readonly string[];
  /** An administrator's token; only who asks over the API needs it. */
  readonly adminToken: string;
  /** Its own; removed afterwards. */
  readonly folder: string;
  /** What the hub's entry in the configuration says besides. */
  readonly limits: Readonly<Record<string, unknown>>;
  /** In place of the operator's own for a start and for a cell. */
  readonly jhubLimitSeconds?: number;
}

export interface Contestant {
  readonly name: string;
  command(visit: Visit, places: Places): Command;
  /** What it says in files beside what it prints. */
  leaves?(visit: Visit, places: Places): string;
  /** What it prints without the names that it gives to causes itself, which would tell everything. */
  withoutNames?(output: string): string;
  /** Whether it says that something is wrong with the hub. */
  notices(measured: Measured): boolean;
  /** The criterion that it says is broken; null when it names none. */
  blames(measured: Measured): string | null;
}

const BASE = join(import.meta.dirname, '../../..');
const HERE = join(import.meta.dirname, 'journeys');
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LANG: 'C.UTF-8' };

/** Whoever ends with anything but 0 has said so. */
const endsBadly = ({ status }: Measured) => status !== 0;

/** The last place that was announced before it broke. */
const lastPlace = ({ output }: Measured) => [...output.matchAll(/^at: (\w+)$/gm)].at(-1)?.[1] ?? null;

export const hubcanary: Contestant = {
  name: 'hubcanary check',
  command(visit) {
    const config = join(visit.folder, 'config.json');
    const { hubUrl, user, limits, browser, reachability } = visit;
    const login = { kind: 'password', username: user, password: { env: 'HUB_PASSWORD' } };
    const hub = { name: 'hub', url: hubUrl, login, probes: ['login', 'server', 'dask'], ...limits };
    const service = { browser: { executable: browser }, reachability };
    writeFileSync(config, JSON.stringify({ service, hubs: [hub] }));
    const flags = ['--config', config, '--evidence', join(visit.folder, 'evidence'), '--json'];
    return {
      argv: [process.execPath, 'bin/hubcanary.js', 'check', 'hub', ...flags],
      cwd: BASE,
      env: { ...env, ...passwordOf(visit) },
    };
  },
  withoutNames: (output) => output.replaceAll(/"reason": "[^"]*"/g, ''),
  // 3 would be a fault of our own.
  notices: ({ status }) => status !== 0 && status !== 3,
  blames: ({ output }) => /"failure": \{\s*"criterion": "(\w+)"/.exec(output)?.[1] ?? null,
};

export const bareScript: Contestant = {
  name: 'bare Playwright script',
  command: (visit) => ({
    argv: [process.execPath, 'test/bench/bare-journey.ts', visit.hubUrl, visit.user],
    cwd: BASE,
    env: { ...env, ...passwordOf(visit), ...(visit.browser === null ? {} : { BROWSER: visit.browser }) },
  }),
  notices: endsBadly,
  blames: lastPlace,
};

export const playwrightTest: Contestant = {
  name: 'playwright test 1.65.1',
  command(visit, { playwright }) {
    const folder = below(playwright, visit);
    putJourney(folder, { 'playwright.spec.mjs': 'hub.spec.mjs' });
    // By themselves its actions wait until the test's own limit is over, which says less well where it stood.
    const use = {
      actionTimeout: 60_000,
      navigationTimeout: 60_000,
      launchOptions: { executablePath: browserPath(visit) },
    };
    const config = { testDir: '.', outputDir: 'results', workers: 1, reporter: 'list', use };
    writeFileSync(join(folder, 'playwright.config.mjs'), `export default ${JSON.stringify(config)};`);
    return {
      argv: [
        process.execPath,
        join(playwright, 'node_modules/@playwright/test/cli.js'),
        'test',
        '-c',
        folder,
      ],
      cwd: playwright,
      env: { ...env, ...journeyEnvironment(visit) },
    };
  },
  // What the page showed when it failed.
  leaves(visit, { playwright }) {
    const contexts = globSync('results/**/error-context.md', { cwd: below(playwright, visit) });
    const said = contexts.map((path) => readFileSync(join(below(playwright, visit), path), 'utf8'));
    // The rest is the journey itself.
    return said.map((text) => text.split('# Test source')[0]).join('\n');
  },
  notices: endsBadly,
  blames: ({ output }) => /›.* › (login|server|dask)\b|at.*step\('(\w+)'/.exec(output)?.[1] ?? null,
};

export const elastic: Contestant = {
  name: '@elastic/synthetics 1.26.3',
  command(visit, places) {
    const folder = below(places.elastic, visit);
    putJourney(folder, { 'elastic.journey.mjs': 'hub.journey.ts' });
    const playwrightOptions = JSON.stringify({ executablePath: browserPath(visit), chromiumSandbox: false });
    return {
      argv: [
        process.execPath,
        join(places.elastic, 'node_modules/@elastic/synthetics/dist/cli.js'),
        folder,
        '--playwright-options',
        playwrightOptions,
      ],
      cwd: places.elastic,
      env: { ...env, ...journeyEnvironment(visit) },
    };
  },
  notices: endsBadly,
  blames: ({ output }) => /✖\s+Step: '(\w+)' failed/.exec(output)?.[1] ?? null,
};

/** Who asks over the API asks for a user of its own. */
export const apiUserOf = ({ user }: Pick<Visit, 'user'>) => `check-${user}`;

export const jhubClient: Contestant = {
  name: 'jhub-client 0.1.7',
  command: (visit, { jhub }) => ({
    argv: [join(jhub, 'bin/python'), join(HERE, 'jhub_check.py')],
    cwd: visit.folder,
    env: {
      ...env,
      HUB_URL: visit.hubUrl,
      HUB_USER: apiUserOf(visit),
      JUPYTERHUB_API_TOKEN: visit.adminToken,
      DASK_CODE,
      ...(visit.jhubLimitSeconds === undefined ? {} : { LIMIT_SECONDS: String(visit.jhubLimitSeconds) }),
    },
  }),
  notices: endsBadly,
  blames: lastPlace,
};

export const contestants: readonly Contestant[] = [
  hubcanary,
  bareScript,
  playwrightTest,
  elastic,
  jhubClient,
];

/** A journey finds its library in the folders above it. */
function below(peer: string, visit: Visit): string {
  return join(peer, 'visits', basename(visit.folder));
}

/** A journey by the name that its library looks for, with what journeys share. */
function putJourney(folder: string, journey: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [from, to] of Object.entries({ ...journey, 'steps.mjs': 'steps.mjs' })) {
    copyFileSync(join(HERE, from), join(folder, to));
  }
}

/** What each of them runs in the page is the same code. */
function journeyEnvironment(visit: Visit): Readonly<Record<string, string>> {
  return {
    HUB_URL: visit.hubUrl,
    HUB_USER: visit.user,
    ...passwordOf(visit),
    DASK_CODE,
    START_KERNEL: String(startKernelInPage),
    OPEN_SOCKET: String(openSocketInPage),
    EXECUTE: String(executeInPage),
    STOP_SERVER: String(stopServerInPage),
  };
}

function passwordOf({ password }: Visit): Readonly<Record<string, string>> {
  return password === null ? {} : { HUB_PASSWORD: password };
}

function browserPath({ browser }: Visit): string {
  if (browser !== null) return browser;
  const found = findBrowser(null);
  return found?.kind === 'installed' ? found.executable : BROWSER_PATH;
}
