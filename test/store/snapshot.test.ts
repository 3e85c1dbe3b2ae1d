import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { openSnapshot } from '../../src/store/snapshot.ts';
import { aRun } from '../build/run.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshot-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function aStoreWithOneRun(): Promise<{ readonly path: string; readonly run: string }> {
  const path = join(await aFolder(), 'store.db');
  const store = await openStore({ kind: 'sqlite', path });
  const run = aRun();
  await store.commit({ run, verdicts: [], incidents: [], events: [], effects: [], proven: null });
  await store.close();
  return { path, run: run.id };
}

describe('a snapshot of a store', () => {
  it('has what was recorded, and leaves the store as it is, byte by byte', async () => {
    const { path, run } = await aStoreWithOneRun();
    const before = await readFile(path);

    {
      await using snapshot = await openSnapshot(path);
      expect((await snapshot.store.runs({ limit: 10 })).map(({ id }) => id)).toEqual([run]);
      await snapshot.store.prune(new Date('2100-01-01'));
    }

    expect(await readFile(path)).toEqual(before);
    expect(await readdir(join(path, '..'))).toEqual(['store.db']);
  });

  it('is gone when it is closed', async () => {
    const { path } = await aStoreWithOneRun();
    const snapshots = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith(`hubcanary-snapshot-${process.pid}-`));

    const snapshot = await openSnapshot(path);
    expect(await snapshots()).toHaveLength(1);
    await snapshot[Symbol.asyncDispose]();

    expect(await snapshots()).toEqual([]);
  });

  it('is one moment of a store that another process writes all the time', { timeout: 120_000 }, async () => {
    const path = join(await aFolder(), 'store.db');
    const writer = spawn(process.execPath, [join(import.meta.dirname, 'child-writer.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void writer.kill('SIGKILL'));
    const acknowledged: string[] = [];
    writer.stdout.on('data', (chunk: Buffer) => acknowledged.push(...chunk.toString().trim().split('\n')));
    await once(writer.stdout, 'data');

    const sizes: number[] = [];
    // Until the log has begun anew at least once: that is where a copy could go wrong.
    for (let round = 0; round < 8 || acknowledged.length < 1500; round += 1) {
      const known = [...acknowledged];
      await using snapshot = await openSnapshot(path);
      const runs = new Set((await snapshot.store.runs({ limit: 100_000 })).map(({ id }) => id));
      const incidents = await snapshot.store.incidents({ limit: 100_000 });
      sizes.push(runs.size);

      expect(known.filter((id) => !runs.has(id))).toEqual([]);
      // Each was committed together with its run.
      expect(incidents).toHaveLength(runs.size);
      expect(incidents.every(({ firstRun }) => runs.has(firstRun))).toBe(true);
    }
    expect(sizes.at(-1)).toBeGreaterThan(sizes[0] ?? 0);
  });

  it('says that there is no store where none is', async () => {
    const folder = await aFolder();

    await expect(openSnapshot(join(folder, 'none.db'))).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('none.db'),
    });
  });

  it('says that a file is no store', async () => {
    const path = join(await aFolder(), 'store.db');
    await writeFile(path, 'a text');

    await expect(openSnapshot(path)).rejects.toMatchObject({ code: 'corrupt' });
  });

  it('says that a store is of a newer version', async () => {
    const { path } = await aStoreWithOneRun();
    const copy = join(await aFolder(), 'copy.db');
    await copyFile(path, copy);
    const { default: SQLite } = await import('better-sqlite3');
    const database = new SQLite(copy);
    database.exec("insert into kysely_migration values ('999-later', '2100-01-01')");
    database.close();

    await expect(openSnapshot(copy)).rejects.toMatchObject({ code: 'newer' });
  });
});
