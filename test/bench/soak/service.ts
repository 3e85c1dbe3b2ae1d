import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { freePort } from '../../testbed/free-port.ts';

/** What comes after the last step. */
export const CLEANUP = 'clean up';

const READY_WITHIN_MS = 60_000;
const Runs = z.object({
  runs: z.array(
    z.object({ id: z.string(), outcome: z.string(), failure: z.object({ reason: z.string() }).nullable() }),
  ),
});
const Place = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step-started'), step: z.string() }),
  z.object({ kind: z.literal('cleaning-up') }),
]);
const Flying = z.object({ run: z.object({ id: z.string(), status: z.string() }).nullable() });

/** A real service that watches one hub without a pause. Its children outlive it when it is killed, as in life. */
export class SoakService {
  readonly hub: string;
  /** Of every process it has been. */
  readonly pids: number[] = [];
  readonly #config: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #url: string;
  #process: ChildProcess | null = null;

  private constructor(hub: string, config: string, env: NodeJS.ProcessEnv, url: string) {
    this.hub = hub;
    this.#config = config;
    this.#env = env;
    this.#url = url;
  }

  static async create(options: {
    readonly folder: string;
    readonly hubUrl: string;
    readonly user: string;
    readonly password: string;
  }): Promise<SoakService> {
    const { folder, hubUrl, user } = options;
    const port = await freePort();
    const config = join(folder, `${user}.yaml`);
    const hub = {
      name: user,
      url: hubUrl,
      login: { kind: 'password', username: user, password: { env: 'SOAK_PASSWORD' } },
      probes: ['login', 'server', 'dask'],
      schedule: '* * * * * *',
      jitter: '0s',
      deadline: '3m',
      server: { startTimeout: '60s', failureLimit: 0 },
      dask: { startTimeout: '40s', workerTimeout: '40s' },
    };
    const service = {
      listen: { host: '127.0.0.1', port },
      store: { kind: 'sqlite', path: join(folder, `${user}.db`) },
      evidence: { directory: join(folder, `${user}-evidence`) },
      concurrency: 1,
    };
    // Nothing is to be confirmed: what fails here is not the hub.
    const criteria = { declare: { confirmAfter: [], consecutive: 1_000 } };
    await writeFile(config, JSON.stringify({ service, hubs: [hub], criteria }));
    const env = { ...process.env, SOAK_PASSWORD: options.password };
    return new SoakService(user, config, env, `http://127.0.0.1:${port}/`);
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['bin/hubcanary.js', 'serve', '--config', this.#config], {
      env: this.#env,
      stdio: 'ignore',
    });
    this.#process = child;
    this.pids.push(child.pid ?? 0);
    const giveUpAt = performance.now() + READY_WITHIN_MS;
    while ((await this.#ask('livez').catch(() => null)) === null) {
      if (child.exitCode !== null) throw new Error(`the service ended at once with ${child.exitCode}`);
      if (performance.now() > giveUpAt) throw new Error('the service did not come up');
      await pause(100);
    }
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** The run under way; null while there is none, or nobody answers. */
  async running(): Promise<string | null> {
    const answer = await this.#ask(`api/v1/hubs/${this.hub}`).catch(() => null);
    if (answer === null) return null;
    const { run } = Flying.parse(JSON.parse(answer));
    return run?.status === 'running' ? run.id : null;
  }

  /** Resolves when a run has come to a step, `CLEANUP` included: true; false when it ended, or nobody tells, before it did. */
  async reaches(run: string, wanted: string): Promise<boolean> {
    const stop = new AbortController();
    let reached = false;
    const parser = createParser({
      onEvent({ data }) {
        const place = Place.safeParse(JSON.parse(data)).data;
        if (place === undefined) return;
        reached ||= (place.kind === 'cleaning-up' ? CLEANUP : place.step) === wanted;
      },
    });
    const url = `${this.#url}api/v1/runs/${run}/events`;
    try {
      const { body } = await fetch(url, { signal: stop.signal });
      const decoder = new TextDecoder();
      for await (const chunk of body ?? []) {
        parser.feed(decoder.decode(chunk, { stream: true }));
        if (reached) return true;
      }
    } catch {
      // The service was killed, or its answer cut off: then nobody tells.
    } finally {
      stop.abort();
    }
    return reached;
  }

  /** How a run ended; null while it has not. */
  async endOf(run: string): Promise<string | null> {
    const answer = await this.#ask('api/v1/runs?limit=20').catch(() => null);
    if (answer === null) return null;
    const found = Runs.parse(JSON.parse(answer)).runs.find(({ id }) => id === run);
    if (found === undefined) return null;
    return found.failure === null ? found.outcome : `${found.outcome} (${found.failure.reason})`;
  }

  /** What it says of itself at `/metrics`. */
  async gauge(name: string): Promise<number> {
    const text = await this.#ask('metrics');
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  rssBytes(): number {
    const status = readFileSync(`/proc/${this.#process?.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  }

  async #ask(path: string): Promise<string> {
    const answer = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
    return answer.text();
  }
}
