import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import { nothing } from './contract/fixture.ts';
import { canForbidWriting, canMount, mountDisk, readOnlyFolder } from './disk.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'hubcanary.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (at = path) => openStore({ kind: 'sqlite', path: at });

function startWriter() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child-writer.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 15_000,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'exit');
  return { child, lines: createInterface({ input: child.stdout }), ended };
}

describe('a SQLite store that is in use', () => {
  const inUse = {
    code: 'locked',
    message: expect.stringMatching(
      /hubcanary\.db is in use by another hubcanary: only one may use a SQLite store/,
    ),
  };

  it('refuses a second process with the reason', async () => {
    const { child, lines, ended } = startWriter();
    await once(lines, 'line');

    await expect(open()).rejects.toMatchObject(inUse);

    child.kill('SIGKILL');
    await ended;
    await (await open()).close();
  });

  it('refuses a second opener in the same process', async () => {
    const first = await open();

    await expect(open()).rejects.toMatchObject(inUse);

    await first.close();
  });

  it('waits a moment for a predecessor that is just ending', async () => {
    const { child, lines, ended } = startWriter();
    await once(lines, 'line');

    // The kernel lets go of the file some time after this returns.
    child.kill('SIGKILL');
    const store = await open();

    expect((await store.runs({ limit: 1 })).length).toBe(1);
    await store.close();
    await ended;
  });
});

describe('a SQLite store that is damaged', () => {
  it.each([
    ['random bytes', (content: Buffer) => Buffer.from(content).fill(7)],
    ['a damaged page', (content: Buffer) => Buffer.from(content).fill(7, 4096, 3 * 4096)],
    ['half a file', (content: Buffer) => content.subarray(0, content.length / 2)],
    ['not even a header', (content: Buffer) => content.subarray(0, 50)],
  ])('is refused and left as it is: %s', async (_, damage) => {
    await (await open()).close();
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);

    await expect(open()).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/damaged.*left as it is: restore a backup, or move it away/),
    });

    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  it('goes on when only the last, unacknowledged commit was cut off', async () => {
    const { child, lines, ended } = startWriter();
    const heard: string[] = [];
    lines.on('line', (line) => void heard.push(line));
    await expect.poll(() => heard.length, { timeout: 15_000 }).toBeGreaterThan(20);
    child.kill('SIGKILL');
    await ended;
    // The log ends in the middle of a frame, as after a power cut.
    writeFileSync(`${path}-wal`, 'x'.repeat(1_000), { flag: 'a' });

    const store = await open();

    const found = new Set((await store.runs({ limit: 9_999 })).map(({ id }) => id));
    expect(heard.filter((id) => !found.has(id))).toEqual([]);
    await store.close();
  });
});

describe('a SQLite store that is not for us', () => {
  it('is refused when a newer version wrote it, naming what is new', async () => {
    await (await open()).close();
    const database = new SQLite(path);
    database.exec(`INSERT INTO kysely_migration VALUES ('999-later', '2030-01-01')`);
    database.close();

    await expect(open()).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringContaining('(999-later)'),
    });
  });

  it('is refused when it is another program’s, and left as it is', async () => {
    const database = new SQLite(path);
    database.exec('CREATE TABLE users (name)');
    database.close();
    const before = readFileSync(path);

    await expect(open()).rejects.toMatchObject({ code: 'foreign' });

    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('a SQLite store that cannot be written', () => {
  const unwritable = { code: 'unwritable', message: expect.stringContaining('cannot be written') };

  it('says so when a file is in the way of its folder', async () => {
    writeFileSync(join(folder, 'data'), 'a file');

    await expect(open(join(folder, 'data', 'a.db'))).rejects.toMatchObject(unwritable);
  });

  it('says so when it is a folder itself', async () => {
    await expect(open(folder)).rejects.toMatchObject(unwritable);
  });

  it.skipIf(!canForbidWriting)('says so when its folder is read-only', async () => {
    using _ = readOnlyFolder(join(folder, 'data'));

    await expect(open(join(folder, 'data', 'a.db'))).rejects.toMatchObject(unwritable);
  });
});

// Only root may make a small disk.
describe.skipIf(!canMount)('a SQLite store on a full disk', () => {
  it('loses nothing and goes on when there is space again', async () => {
    const disk = join(folder, 'disk');
    using mounted = mountDisk(disk, 'size=640k');
    const store = await open(join(disk, 'a.db'));
    const kept = aRun({ startedAt: '2026-11-24T08:00:00.000Z' });
    await store.commit({ ...nothing, run: kept });
    const big = aFailedRun('server', 'spawn-failed', { hubVersion: 'x'.repeat(600_000) });
    const commit = { ...nothing, run: big, proven: { hub: 'staging', username: 'canary' } };

    await expect(store.commit(commit)).rejects.toMatchObject({
      code: 'full',
      cause: expect.objectContaining({ code: 'SQLITE_FULL' }),
    });
    expect(await store.run(kept.id)).toEqual(kept);
    expect(await store.run(big.id)).toBeNull();
    expect(await store.credentialProven('staging', 'canary')).toBe(false);

    mounted.remount('size=8m');
    expect(await store.commit(commit)).toBe(true);
    await store.close();
    const again = await open(join(disk, 'a.db'));
    expect((await again.recentRuns('staging', 9)).map(({ id }) => id)).toEqual([big.id, kept.id]);
    await again.close();
  });

  it('can be opened later when there was no room for it at first', async () => {
    const disk = join(folder, 'disk');
    using mounted = mountDisk(disk, 'size=64k');
    await expect(open(join(disk, 'a.db'))).rejects.toMatchObject({ code: 'full' });

    mounted.remount('size=8m');

    const store = await open(join(disk, 'a.db'));
    expect(await store.commit({ ...nothing, run: aRun() })).toBe(true);
    await store.close();
  });
});

describe('a SQLite store whose process is killed', () => {
  it('keeps every acknowledged commit, and none by half', async () => {
    const acknowledged: string[] = [];
    for (let kill = 0; kill < 10; kill += 1) {
      const { child, lines, ended } = startWriter();
      let heard = 0;
      for await (const line of lines) {
        acknowledged.push(line);
        heard += 1;
        if (heard === 11 + kill * 7) child.kill('SIGKILL');
      }
      await ended;
    }

    const store = await open();
    const runs = await store.runs({ limit: 99_999 });
    const incidents = await store.incidents({ limit: 99_999 });
    const logs = await Promise.all(incidents.map(({ id }) => store.incidentEvents(id)));
    const { pending } = await store.outbox.status();
    await store.close();
    const found = new Set(runs.map(({ id }) => id));
    expect(acknowledged.length).toBeGreaterThanOrEqual(10 * 11);
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    expect(incidents.map(({ firstRun }) => firstRun).toSorted()).toEqual([...found].toSorted());
    expect(logs.every(({ length }) => length === 1)).toBe(true);
    expect(pending).toBe(runs.length);
  });

  it('can be opened when that happened before anything was in the file', async () => {
    writeFileSync(path, '');

    const store = await open();

    expect(await store.commit({ ...nothing, run: aRun() })).toBe(true);
    await store.close();
  });
});
