import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../testbed/free-port.ts';
import { type GitHubStandIn, startGitHub } from '../testbed/github/stand-in.ts';
import { prepare } from '../testbed/prepare.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { type ServiceProcess, startService } from './service.ts';
import { SECRETS, writeConfig } from './write-config.ts';

/** Everything the demo shows, running. */
export interface Stage extends AsyncDisposable {
  readonly testbed: Testbed;
  readonly github: GitHubStandIn;
  readonly service: ServiceProcess;
}

/** Starts a real hub with dask-gateway, the GitHub stand-in and the real service; says how far it is. */
export async function setStage(say: (line: string) => void): Promise<Stage> {
  const closers = new AsyncDisposableStack();
  try {
    await prepare(say);
    const folder = await mkdtemp(join(tmpdir(), 'hubcanary-demo-'));
    closers.defer(() => rm(folder, { recursive: true, force: true }));

    const startedAt = performance.now();
    const testbed = closers.use(await startTestbed({ onProgress: say, startTimeoutSeconds: 20 }));
    say(`JupyterHub with dask-gateway    ${testbed.hubUrl}   (${seconds(startedAt)})`);

    const github = await startGitHub();
    closers.defer(() => github.stop());
    say(`a stand-in for GitHub           ${github.url}/${github.repository}/issues`);

    const [user = ''] = testbed.users;
    const port = await freePort();
    const config = await writeConfig({ folder, port, hubUrl: testbed.hubUrl, user, github });
    const service = await startService({
      config,
      url: `http://127.0.0.1:${port}/`,
      folder,
      env: { [SECRETS.password]: testbed.password, [SECRETS.github]: github.token },
    });
    closers.defer(() => service.stop());
    say(`Hubcanary                       ${service.url}`);
    const all = closers.move();
    return { testbed, github, service, [Symbol.asyncDispose]: () => all.disposeAsync() };
  } catch (error) {
    await closers.disposeAsync();
    throw error;
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
