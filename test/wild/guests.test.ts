import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { waitFor } from '../testbed/wait-for.ts';
import { checkHub } from '../journey/check-hub.ts';
import { withServer } from './visit.ts';

const Kernels = z.array(z.object({ id: z.string(), name: z.string() }));
const Sessions = z.array(
  z.object({ id: z.string(), path: z.string(), kernel: z.object({ id: z.string() }) }),
);

/** The canary user as a person who works on the hub while it is visited: what that person sees of it. */
function personOn(testbed: Testbed, user: string) {
  const headers = { authorization: `token ${testbed.adminToken}`, 'content-type': 'application/json' };
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${testbed.hubUrl}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}`);
    return answer;
  };
  const server = `user/${user}/`;
  return {
    async startServer() {
      // The hub knows nobody who has never logged in.
      await ask('POST', `hub/api/users/${user}`);
      await ask('POST', `hub/api/users/${user}/server`);
      await waitFor(
        'the server to answer',
        async () => (await ask('GET', `${server}api/status`)).ok,
        150_000,
      );
    },
    async openNotebook(path: string) {
      const body = { name: path, path, type: 'notebook', kernel: { name: 'python3' } };
      await ask('POST', `${server}api/sessions`, body);
    },
    stopServer: () => ask('DELETE', `hub/api/users/${user}/server`),
    kernels: async () => Kernels.parse(await (await ask('GET', `${server}api/kernels`)).json()),
    sessions: async () => Sessions.parse(await (await ask('GET', `${server}api/sessions`)).json()),
    home: join(testbed.folder, 'home', user),
  };
}

/** Every file below a folder with when it was written; folders of programs that keep house are left out. */
async function filesIn(folder: string): Promise<Readonly<Record<string, number>>> {
  const names = await readdir(folder, { recursive: true });
  const visible = names.filter((name) => !name.split('/').some((part) => part.startsWith('.')));
  const stats = await Promise.all(
    visible.map(async (name) => [name, (await stat(join(folder, name))).mtimeMs]),
  );
  return Object.fromEntries(stats);
}

describe('what the canary user’s account holds besides', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({ gateway: false });
  });
  afterAll(() => testbed.stop());

  it('stays as it is: the other server, its kernel and session, the files', async () => {
    const person = personOn(testbed, 'ada');
    await mkdir(person.home, { recursive: true });
    await writeFile(join(person.home, 'thesis.txt'), 'chapter one');
    await person.startServer();
    await person.openNotebook('work.ipynb');
    const before = {
      kernels: (await person.kernels()).map(({ id }) => id),
      sessions: await person.sessions(),
      files: await filesIn(person.home),
    };

    await using checked = await checkHub(testbed, 'ada', {
      probes: ['login', 'server'],
      ...withServer(testbed, { name: 'canary' }),
    });

    expect(checked.run.failure).toBeNull();
    expect(checked.run.cleanup).toMatchObject({ status: 'clean', left: [] });
    expect({
      kernels: (await person.kernels()).map(({ id }) => id),
      sessions: (await person.sessions()).map(({ id, path, kernel }) => ({
        id,
        path,
        kernel: { id: kernel.id },
      })),
      files: await filesIn(person.home),
    }).toEqual(before);
    expect(await readFile(join(person.home, 'thesis.txt'), 'utf8')).toBe('chapter one');
    expect((await testbed.leftovers()).servers).toEqual(['ada/']);
    await person.stopServer();
  });

  it('keeps no notebook and no other file of a visit', async () => {
    const home = join(testbed.folder, 'home', 'grace');
    await mkdir(home, { recursive: true });

    await using checked = await checkHub(testbed, 'grace', { probes: ['login', 'server'] });

    expect(checked.run.failure).toBeNull();
    expect(await filesIn(home)).toEqual({});
  });

  it('loses a server of the same name that was there before, for only a start shows that one can start', async () => {
    const person = personOn(testbed, 'maren');
    await mkdir(person.home, { recursive: true });
    await person.startServer();

    await using checked = await checkHub(testbed, 'maren', { probes: ['login', 'server'] });

    expect(checked.run.failure).toBeNull();
    expect(checked.run.steps.find(({ name }) => name === 'wait until it is ready')?.seconds).toBeGreaterThan(
      0.5,
    );
    expect(checked.run.cleanup.status).toBe('clean');
    expect((await testbed.leftovers()).servers).toEqual([]);
  });
});
