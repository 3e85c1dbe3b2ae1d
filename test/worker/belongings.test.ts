import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Owned } from '../../src/core/run.ts';
import { Belongings } from '../../src/worker/belongings.ts';

const token: Owned = { kind: 'token', id: 't' };
const server: Owned = { kind: 'server', id: '' };
const kernel: Owned = { kind: 'kernel', id: 'k' };
const cluster: Owned = { kind: 'cluster', id: 'c' };

async function removeAll(list: readonly [Owned, (signal: AbortSignal) => Promise<void>][]) {
  const belongings = new Belongings();
  for (const [thing, remove] of list) belongings.add({ thing, remove });
  const removed: Owned[] = [];
  const left = await belongings.removeAll({ withinMs: 100, onRemoved: (thing) => removed.push(thing) });
  return { removed, left: left.map(({ thing }) => thing) };
}

const works = async () => {};
const fails = async () => {
  throw new Error('no');
};
const hangs = () => new Promise<never>(() => {});

describe('removing what a run made', () => {
  it('ends with the token, which everything else needs', async () => {
    const { removed, left } = await removeAll([
      [token, works],
      [server, works],
      [kernel, works],
      [cluster, works],
    ]);

    expect(removed.slice(0, 2)).toEqual(expect.arrayContaining([cluster, server]));
    expect(removed.slice(2)).toEqual([kernel, token]);
    expect(left).toEqual([]);
  });

  it('goes on after one that fails and one that hangs, and keeps the token as the key to them', async () => {
    const { removed, left } = await removeAll([
      [token, works],
      [server, hangs],
      [kernel, works],
      [cluster, fails],
    ]);

    expect(removed).toEqual([kernel]);
    expect(left).toEqual(expect.arrayContaining([cluster, server, token]));
  });

  it('goes through the page first where that is the only way, and does not do it twice', async () => {
    const order: string[] = [];
    const belongings = new Belongings();
    belongings.add({ thing: server, remove: async () => void order.push('server') });
    belongings.add({
      thing: cluster,
      throughPage: true,
      async remove() {
        await setImmediate();
        order.push('cluster');
      },
    });
    const removed: Owned[] = [];
    const options = { withinMs: 3_000, onRemoved: (thing: Owned) => void removed.push(thing) };

    await belongings.removeThroughPage(options);
    const left = await belongings.removeAll(options);

    expect(order).toEqual(['cluster', 'server']);
    expect(removed).toEqual([cluster, server]);
    expect(left).toEqual([]);
  });

  it('stops a kernel by itself when its server stays', async () => {
    const { removed, left } = await removeAll([
      [server, fails],
      [kernel, works],
    ]);

    expect(removed).toEqual([kernel]);
    expect(left).toEqual([server]);
  });

  it('counts a kernel as gone when its server is', async () => {
    const { removed, left } = await removeAll([
      [server, works],
      [kernel, fails],
    ]);

    expect(removed).toEqual([server, kernel]);
    expect(left).toEqual([]);
  });
});
