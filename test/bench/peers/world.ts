import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Testbed } from '../../testbed/testbed.ts';
import { waitFor } from '../../testbed/wait-for.ts';
import type { Visit } from './contestants.ts';
import type { Places } from './install.ts';

export interface World {
  readonly testbed: Testbed;
  readonly places: Places;
  /** Holds the folders of all visits. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

export async function aVisit(
  { testbed, folder }: World,
  changes: Partial<Omit<Visit, 'adminToken' | 'folder'>> = {},
): Promise<Visit> {
  return {
    hubUrl: testbed.hubUrl,
    user: testbed.users[0] ?? '',
    password: testbed.password,
    adminToken: testbed.adminToken,
    browser: null,
    reachability: [],
    folder: await mkdtemp(join(folder, 'v-')),
    limits: {},
    ...changes,
  };
}

const Users = z.array(z.object({ name: z.string(), servers: z.record(z.string(), z.unknown()).default({}) }));

/** What a contestant left is taken away, so that the next one starts from nothing. */
export async function leaveNothing({ testbed }: World): Promise<void> {
  const headers = { authorization: `token ${testbed.adminToken}` };
  const api = `${testbed.hubUrl}hub/api/users`;
  await waitFor(
    'all servers to be gone',
    async () => {
      const users = Users.parse(await (await fetch(api, { headers })).json());
      const running = users.filter(({ servers }) => Object.keys(servers).length > 0);
      for (const { name } of running) await fetch(`${api}/${name}/server`, { method: 'DELETE', headers });
      return running.length === 0;
    },
    120_000,
  );
  await waitFor(
    'all processes of users to be gone',
    async () => (await testbed.leftovers()).processes.length === 0,
    60_000,
  ).catch(() => {
    // A dask cluster that a contestant left ends by its own idle limit; it is idle.
  });
}
