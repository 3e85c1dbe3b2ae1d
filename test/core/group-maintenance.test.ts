import { describe, expect, it } from 'vitest';
import { FleetBooks } from './fleet-books.ts';
import { at } from './history.ts';
import { hub } from './hub.ts';

describe('maintenance of several hubs', () => {
  const window = { hubs: ['a', 'b'], from: at(0), to: at(30), reason: 'upgrade' };
  const wishes = { hubs: ['a', 'b', 'c'].map((name) => hub({ name })), maintenance: [window] };

  it('that ends while a whole group is broken declares the group when that was seen again, with its true start', () => {
    const books = new FleetBooks(wishes);
    books.liveAll({ c: 'P@5 P@9', a: 'P@0 F@10 F@20', b: 'P@1 F@11 F@21' });
    expect(books.incidents()).toEqual([]);

    books.look(30);
    expect(books.incidents()).toEqual([]);
    books.liveAll({ a: 'cF@30', b: 'cF@30.1' });
    books.look(33);

    expect(books.incidents()).toMatchObject([
      {
        scope: { kind: 'cluster' },
        startedAt: at(10),
        members: [{ hub: 'a' }, { hub: 'b' }],
      },
    ]);
  });

  it('that ends waits for the others of the group once more', () => {
    const books = new FleetBooks({
      ...wishes,
      maintenance: [{ ...window, hubs: ['a', 'b', 'c'], to: at(60) }],
    });
    books.liveAll({ a: 'F@10 cF@11 F@50', b: 'F@11 cF@12 F@51', c: 'F@12 cF@13 F@52' });
    books.look(60);

    books.liveAll({ a: 'cF@60.2', b: 'cF@61', c: 'cF@61.8' });
    books.look(63);

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'cluster' }, startedAt: at(10) }]);
    expect(books.told('comment')).toEqual([]);
  });

  it('leaves nothing of what broke inside once it has been seen to work, also with one failure after its end', () => {
    const books = new FleetBooks({
      hubs: [hub({ name: 'a', cluster: null })],
      maintenance: [{ ...window, to: at(60) }],
    });
    books.live('a', 'F@10 F@20 F@40 P@50 P@60.5 F@70');

    expect(books.incidents()).toEqual([]);
  });

  it('that ends declares nothing of a hub that was restarted inside while its starts were rationed', () => {
    const books = new FleetBooks({ hubs: [hub({ name: 'a', cluster: null })], maintenance: [window] });
    const rationed = { criteria: { login: 'passed' }, leftOut: '3 starts failed' } as const;
    books.live('a', 'F@10 cF@11 cF@13', 'server');
    books.live('a', 'P@20', 'server', rationed);

    books.live('a', 'cP@30.2', 'server', { ...rationed, hubRestarted: true });

    expect(books.incidents()).toEqual([]);
  });

  it('that ends says nothing of a server as long as its rationed starts are not tried', () => {
    const books = new FleetBooks({ hubs: [hub({ name: 'a', cluster: null })], maintenance: [window] });
    const rationed = { criteria: { login: 'passed' }, leftOut: '3 starts failed' } as const;
    books.live('a', 'F@10 cF@11 cF@13', 'server');
    books.live('a', 'P@20 cP@30.2 P@40 P@50', 'server', rationed);
    expect(books.incidents()).toEqual([]);

    books.live('a', 'F@55', 'server');
    expect(books.incidents()).toMatchObject([{ startedAt: at(10), declaredAt: at(55.5) }]);
  });

  it('leaves no half sentences about a member that breaks inside', () => {
    const books = new FleetBooks({
      hubs: ['a', 'b'].map((name) => hub({ name })),
      maintenance: [{ hubs: ['b'], from: at(75), to: at(135), reason: 'upgrade' }],
    });
    const down = 'P@0 F@10 cF@11.5 cF@13 F@20';
    books.liveAll({ a: down, b: down });
    books.liveAll({
      a: 'F@30 F@40 F@50 F@60 F@70 F@80 P@90 P@100 P@110 P@120 P@130',
      b: 'P@31 P@41 P@51 P@61 P@71 F@81 cF@82 cF@84 F@91 F@101 F@111 P@121 P@131 P@141',
    });

    const [incident] = books.incidents();
    const log = books.logs.get(incident?.id ?? '') ?? [];
    expect(log.slice(1).map(({ kind, because }) => `${kind}: ${because}`)).toEqual([
      'left: users can log in again on b; 1 still broken',
      'mitigated: users can log in again on a',
      'resolved: users can log in on all 2 hubs since 2026-03-01 11:30 UTC',
    ]);
    expect(incident?.recoveredAt).toBe(at(90));
  });

  it('keeps its hubs out of the counting of others', () => {
    const books = new FleetBooks(wishes);

    books.liveAll({ a: 'P@0 F@10 F@20', b: 'P@1 F@11 F@21', c: 'P@5 F@12 cF@13.5 cF@15' });

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'c' } }]);
  });
});
