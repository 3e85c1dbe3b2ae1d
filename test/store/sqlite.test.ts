import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { aRun } from '../build/run.ts';
import { storeContract } from './contract.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  path = join(folder, 'data', 'hubcanary.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (name?: string) =>
  openStore({ kind: 'sqlite', path: name === undefined ? path : join(folder, `${name}.db`) });
const nothing = { run: null, verdicts: [], incidents: [], events: [], effects: [], proven: null };

storeContract('sqlite', open);

describe('a SQLite store in trouble', () => {
  it('is for its owner only', async () => {
    await using _ = asDisposable(await open());

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('gives the right to send to whoever opens it next: the last holder is dead', async () => {
    const first = await open();
    await first.outbox.lease('killed', new Date(), 3_600_000);
    await first.close();

    await using second = asDisposable(await open());

    expect(await second.outbox.lease('next', new Date(), 1_000)).toBe(true);
  });

  it('refuses a second service with the reason', async () => {
    await using _ = asDisposable(await open());

    await expect(open()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/in use by another hubcanary: only one may use a SQLite store/),
    });
  });

  it.each([
    ['random bytes', (content: Buffer) => Buffer.from(content).fill(7)],
    ['a damaged page', (content: Buffer) => Buffer.from(content).fill(7, 4096, 3 * 4096)],
  ])('refuses a file of %s and leaves it as it is', async (_, damage) => {
    await (await open()).close();
    const damaged = damage(readFileSync(path));
    writeFileSync(path, damaged);

    await expect(open()).rejects.toMatchObject({ code: 'corrupt' });

    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  it('refuses a file of a newer version', async () => {
    await (await open()).close();
    const database = new SQLite(path);
    database.exec(`INSERT INTO kysely_migration VALUES ('999-later', '2030-01-01')`);
    database.close();

    await expect(open()).rejects.toMatchObject({ code: 'newer' });
  });

  it('says that its folder cannot be made', async () => {
    writeFileSync(join(folder, 'data'), 'a file in the way');

    await expect(open()).rejects.toMatchObject({ code: 'unwritable' });
  });

  it('loses nothing on a full disk and goes on when there is space again', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    // Only root may mount; elsewhere there is no small disk to fill.
    if (mounted.status !== 0) return;
    try {
      const store = await openStore({ kind: 'sqlite', path: join(disk, 'a.db') });
      const kept = aRun();
      await store.commit({ ...nothing, run: kept });
      writeFileSync(join(disk, 'filler'), Buffer.alloc(10));
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
      const big = aRun({ hubVersion: 'x'.repeat(100_000) });

      await expect(store.commit({ ...nothing, run: big })).rejects.toMatchObject({ code: 'full' });

      rmSync(join(disk, 'filler'));
      expect(await store.run(kept.id)).toEqual(kept);
      expect(await store.commit({ ...nothing, run: big })).toBe(true);
      await store.close();
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });

  it('keeps every acknowledged commit when the process is killed', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'child-writer.ts'), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout });
      let heard = 0;
      for await (const line of lines) {
        acknowledged.push(line);
        heard += 1;
        if (heard === 20 + round * 7) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }

    const store = await open();
    const missing = [];
    for (const id of acknowledged) if ((await store.run(id)) === null) missing.push(id);
    await store.close();
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(missing).toEqual([]);
    expect(existsSync(path)).toBe(true);
  });
});

function asDisposable(store: Store): Store & AsyncDisposable {
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}
