import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { fetch } from '../../src/jupyterhub/fetch.ts';
import { readProc } from '../../src/runner/proc.ts';
import type { TestbedSettings } from './settings.ts';

/** What a run may have left behind. Empty lists everywhere: it left nothing. */
export interface Leftovers {
  /** `user/server name` of every server that runs or is about to. */
  readonly servers: readonly string[];
  /** `user/id` of every token that a user minted. */
  readonly tokens: readonly string[];
  /** Command lines of the users' processes: servers, kernels, schedulers, workers. */
  readonly processes: readonly string[];
}

const Users = z.array(z.object({ name: z.string(), servers: z.record(z.string(), z.unknown()).default({}) }));
const Tokens = z.object({ api_tokens: z.array(z.object({ id: z.string(), note: z.string().nullish() })) });

/** Asks the hub as its admin, and the machine. */
export async function findLeftovers(settings: TestbedSettings, hubUrl: string): Promise<Leftovers> {
  const ask = async (path: string): Promise<unknown> => {
    const headers = { authorization: `token ${settings.adminToken}` };
    const answer = await fetch(`${hubUrl}hub/api/${path}`, { headers, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`the testbed's hub answered ${answer.status} to ${path}`);
    return answer.json();
  };
  const users = Users.parse(await ask('users'));
  const tokens = await Promise.all(
    users.map(async ({ name }) => {
      const { api_tokens } = Tokens.parse(await ask(`users/${name}/tokens`));
      return api_tokens.filter(({ note }) => /hubcanary/i.test(note ?? '')).map(({ id }) => `${name}/${id}`);
    }),
  );
  return {
    servers: users.flatMap(({ name, servers }) => Object.keys(servers).map((server) => `${name}/${server}`)),
    tokens: tokens.flat(),
    processes: userProcesses(settings.folder),
  };
}

/** Everything below the testbed's folder but its three services: told apart by what they run. */
function userProcesses(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const line = readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const isOurs = readProc(pid, 'environ').includes(folder);
      const isUsers = /jupyterhub.singleuser|ipykernel|dask (scheduler|worker)|dask spec/.test(line);
      return isOurs && isUsers ? [line] : [];
    });
}
