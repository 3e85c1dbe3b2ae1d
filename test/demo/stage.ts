import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../testbed/free-port.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { prepare } from '../testbed/prepare.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { type Receiver, startReceiver } from '../testbed/webhook/receiver.ts';
import { type ServiceProcess, startService } from './service.ts';
import { type DemoWishes, SECRETS, writeConfig } from './write-config.ts';

/** Everything the demo shows, running. */
export interface Stage extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly github: GitHubStandIn;
  /** Who is told by webhook, where a scenario wishes so. */
  readonly receiver: Receiver;
  /** The one that runs now. */
  readonly service: ServiceProcess;
  /** Kills the service with SIGKILL. */
  killService(): Promise<void>;
  /** Starts it again, over the same store. */
  startAgain(): Promise<void>;
  /** What it wrote, and its store, stay where they are when everything has ended. @returns where */
  keepFolder(): string;
}

/** Starts a real hub with dask-gateway, the GitHub stand-in and the real service; says how far it is. */
export async function setStage(say: (line: string) => void, wishes: DemoWishes = {}): Promise<Stage> {
  const closers = new AsyncDisposableStack();
  try {
    await prepare(say);
    const folder = await mkdtemp(join(tmpdir(), 'hubcanary-demo-'));
    let isKept = false;
    closers.defer(async () => {
      if (!isKept) await rm(folder, { recursive: true, force: true });
    });

    const startedAt = performance.now();
    const users = wishes.hubs?.map(({ user }) => user);
    const testbed = closers.use(
      await startTestbed({
        onProgress: say,
        startTimeoutSeconds: 20,
        ...(users === undefined ? {} : { users }),
        ...(wishes.probes?.includes('dask') === false ? { gateway: false } : {}),
      }),
    );
    say(`JupyterHub with dask-gateway    ${testbed.hubUrl}   (${seconds(startedAt)})`);

    const github = await startGitHub();
    closers.defer(() => github.stop());
    say(`a stand-in for GitHub           ${github.url}/${github.repository}/issues`);
    const receiver = closers.use(await startReceiver());

    const port = await freePort();
    const places = { folder, port, hubUrl: testbed.hubUrl, users: testbed.users, github };
    const config = await writeConfig(places, wishes);
    const start = () =>
      startService({
        config,
        url: `http://127.0.0.1:${port}/`,
        folder,
        env: {
          [SECRETS.password]: testbed.password,
          [SECRETS.github]: github.token,
          [SECRETS.webhook]: receiver.url,
        },
      });
    let service = await start();
    closers.defer(() => service.stop());
    say(`Hubcanary                       ${service.url}`);
    const all = closers.move();
    return {
      testbed,
      github,
      receiver,
      get service() {
        return service;
      },
      killService: () => service.kill(),
      async startAgain() {
        service = await start();
      },
      keepFolder() {
        isKept = true;
        return folder;
      },
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  } catch (error) {
    await closers.disposeAsync();
    throw error;
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
