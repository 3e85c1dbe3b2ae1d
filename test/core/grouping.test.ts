import { describe, expect, it } from 'vitest';
import { FleetBooks, type FleetWishes } from './fleet-books.ts';
import { at } from './history.ts';
import { hub } from './hub.ts';

const NAMES = ['a', 'b', 'c', 'd'];

function fleet(change: Partial<FleetWishes> = {}): FleetBooks {
  return new FleetBooks({ hubs: NAMES.map((name) => hub({ name })), ...change });
}

/** Four hubs, each a little later than the one before; all fail. */
const ALL_DOWN = {
  a: 'P@0 F@10 cF@11.5 cF@13 F@20',
  b: 'P@1 F@11 cF@12.5 cF@14 F@21',
  c: 'P@4 F@14 cF@15.5 cF@17 F@24',
  d: 'P@8 F@18 cF@19.5 cF@21 F@28',
};
const WELL_AGAIN = { a: 'P@30 P@40 P@50', b: 'P@31 P@41 P@51', c: 'P@34 P@44 P@54', d: 'P@38 P@48 P@58' };

describe('hubs of one cluster that break together', () => {
  it('are one incident of the cluster, which the others join', () => {
    const books = fleet();

    books.liveAll(ALL_DOWN);

    expect(books.incidents()).toHaveLength(1);
    const [incident] = books.incidents();
    expect(incident).toMatchObject({
      scope: { kind: 'cluster', id: 'gke-1' },
      criterion: 'login',
      state: 'declared',
      startedAt: at(10),
    });
    expect(incident?.members.map(({ hub: name, since }) => [name, since])).toEqual([
      ['a', at(10)],
      ['b', at(11)],
      ['c', at(14)],
      ['d', at(18)],
    ]);
    expect(books.told('open-issue')).toMatchObject([
      { title: "[Incident] cluster gke-1: users can't log in", labels: ['support', 'criterion: login'] },
    ]);
    expect(books.told('comment')).toEqual([]);
  });

  it('are over when all of them are well, and say so once', () => {
    const books = fleet();

    books.liveAll(ALL_DOWN);
    books.liveAll(WELL_AGAIN);

    const [incident] = books.incidents();
    expect(incident).toMatchObject({ state: 'resolved', recoveredAt: at(38) });
    expect(incident?.members.every(({ wellSince }) => wellSince !== null)).toBe(true);
    expect(books.told('comment')).toHaveLength(1);
    expect(books.told('close-issue')).toHaveLength(1);
  });

  it('leave one by one while another stays broken, which keeps the incident open', () => {
    const books = fleet();

    books.liveAll(ALL_DOWN);
    books.liveAll({
      a: 'P@30 P@40 P@50 P@60',
      b: 'P@31 P@41 P@51 P@61',
      c: 'F@34 F@44 F@54',
      d: 'P@38 P@48 P@58',
    });

    const [incident] = books.incidents();
    expect(incident?.state).toBe('declared');
    expect(incident?.members.filter(({ wellSince }) => wellSince === null)).toMatchObject([{ hub: 'c' }]);
    expect(books.told('comment')).toEqual([]);
  });

  it('are not one incident for a hub that is broken and another that is merely suspect', () => {
    const books = fleet();

    books.liveAll({ a: 'P@0 F@10 cF@11.5 cF@13', b: 'P@1 F@11', c: 'P@4', d: 'P@8' });
    books.look(15);
    expect(books.incidents()).toEqual([]);
    books.look(15.5);

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' }, members: [{ hub: 'a' }] }]);
  });

  it('are one from the beginning when the second is confirmed within as long as others are waited for', () => {
    const books = fleet();

    books.liveAll({ a: 'P@0 F@10 cF@11.5 cF@13', b: 'P@1 F@12 cF@13 cF@14.5', c: 'P@4 F@13.9', d: 'P@8' });
    books.look(15);

    const [incident] = books.incidents();
    expect(incident).toMatchObject({ scope: { kind: 'cluster' }, members: [{ hub: 'a' }, { hub: 'b' }] });
    expect(books.logs.get(incident?.id ?? '')?.[0]?.because).toMatch(
      /^cluster gke-1: users can't log in on 2 of the \d hubs that were looked at since .*: a, b; 1 more may be$/,
    );
  });

  it('come back to it when they break again', () => {
    const books = fleet();

    books.liveAll(ALL_DOWN);
    books.liveAll({ a: 'P@30 P@40 P@50 P@60 F@70 cF@71.5 cF@73', b: 'F@31 F@41 F@51 F@61 F@71' });

    expect(books.active()).toHaveLength(1);
    expect(books.kinds(books.active()[0])).toEqual(['declared', 'joined', 'joined', 'left', 'joined']);
    expect(books.active()[0]?.members[0]).toMatchObject({ hub: 'a', since: at(70), wellSince: null });
  });
});

describe('a hub that breaks', () => {
  it('has its own incident when the others of its cluster are well', () => {
    const books = fleet();

    books.liveAll({ a: ALL_DOWN.a, b: 'P@1 P@11 P@21', c: 'P@4 P@14', d: 'P@8 P@18' });

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' } }]);
  });

  it('is waited for as long as others may break with it', () => {
    const criteria = { declare: { confirmAfterMs: [20_000], consecutive: 2, persistForMs: 0 } };
    const books = fleet({ criteria });

    books.liveAll({ b: 'P@1', c: 'P@4', d: 'P@8', a: 'P@0 F@10 cF@11' });

    expect(books.incidents()).toEqual([]);
    expect(books.last?.lookAgainAt).toBe(at(13));
    books.look(12.9);
    expect(books.incidents()).toEqual([]);
    books.look(13);
    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' }, startedAt: at(10) }]);
  });

  it.each([
    ['has no cluster', { cluster: null }],
    ['is alone in its cluster', { cluster: 'own' }],
  ])('is not waited for when it %s', (_, change) => {
    const criteria = { declare: { confirmAfterMs: [20_000], consecutive: 2, persistForMs: 0 } };
    const books = new FleetBooks({
      hubs: [hub({ name: 'a', ...change }), hub({ name: 'b' }), hub({ name: 'c' })],
      criteria,
    });

    books.live('a', 'P@0 F@10 cF@11');

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' } }]);
  });

  it('does not count hubs that have told nothing since as well, nor as broken', () => {
    const books = fleet();

    books.liveAll({ b: 'P@9', c: 'P@9.2', d: 'P@9.4', a: ALL_DOWN.a });

    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' } }]);
  });

  it('is not counted with one that broke long before', () => {
    const books = fleet({ hubs: [hub({ name: 'a' }), hub({ name: 'b' })] });

    books.liveAll({ a: 'F@0 F@10 F@20 F@30 F@40 F@50 F@60 F@70 F@80 F@90', b: 'P@1 P@61 F@71 F@81' });

    expect(books.incidents()).toMatchObject([
      { scope: { kind: 'hub', id: 'a' } },
      { scope: { kind: 'hub', id: 'b' } },
    ]);
  });
});

describe('an incident of one hub', () => {
  it('is widened when its cluster follows: the same issue under a new title', () => {
    const books = fleet();

    books.liveAll({ b: 'P@1 P@11', c: 'P@4 P@12', d: 'P@8', a: 'P@0 F@10 cF@11.5 cF@13 F@20 F@30' });
    expect(books.incidents()).toMatchObject([{ scope: { kind: 'hub', id: 'a' } }]);
    books.liveAll({ b: 'F@21 cF@22.5 cF@24', c: 'F@22 cF@23.5 cF@25' });

    expect(books.incidents()).toHaveLength(1);
    const [incident] = books.incidents();
    expect(incident).toMatchObject({ scope: { kind: 'cluster' }, startedAt: at(10) });
    expect(incident?.members.map(({ hub: name }) => name)).toEqual(['a', 'b', 'c']);
    expect(books.told('update-issue')[0]).toMatchObject({
      title: {
        from: "[Incident] a: users can't log in",
        to: "[Incident] cluster gke-1: users can't log in",
      },
    });
    expect(books.told('comment')).toHaveLength(1);
  });

  it('takes in the other ones of its cluster, which end as duplicates', () => {
    const books = fleet({ hubs: [...NAMES, 'e'].map((name) => hub({ name })) });
    books.liveAll({
      e: 'P@3 P@13 P@23',
      d: 'P@9 P@19',
      c: 'P@4 P@14 P@24',
      b: 'P@1 P@11 F@21 cF@22.5 cF@24',
      a: 'P@0 F@10 F@20',
    });
    const before = books.incidents();
    expect(before).toMatchObject([{ scope: { id: 'a' } }, { scope: { id: 'b' } }]);
    books.openIssues();

    books.liveAll({ d: 'F@29 cF@30.5', c: 'F@27 cF@28.5 cF@30' });

    const [head, part] = books.incidents();
    expect(books.incidents()).toHaveLength(2);
    expect(head).toMatchObject({ scope: { kind: 'cluster', id: 'gke-1' }, state: 'declared' });
    expect(head?.members.map(({ hub: name }) => name)).toEqual(['a', 'b', 'c']);
    expect(part).toMatchObject({ state: 'merged', mergedInto: head?.id });
    expect(books.kinds(head)).toEqual(['declared', 'issue-opened', 'widened', 'absorbed', 'joined']);
    expect(books.told('close-issue')).toMatchObject([
      { incident: part?.id, reason: 'duplicate', duplicateOf: head?.issue },
    ]);
  });
});

describe('login that fails because of the identity provider', () => {
  const provided = (name: string, cluster: string) => hub({ name, cluster, identityProvider: 'github' });
  const down = {
    failure: {
      criterion: 'login',
      step: 'log in at the provider',
      reason: 'identity-provider-error',
      attribution: 'identity-provider',
      message: '502',
    },
  } as const;

  it('is one incident of the provider, whatever the clusters', () => {
    const books = new FleetBooks({
      hubs: [
        provided('a', 'one'),
        provided('b', 'two'),
        hub({ name: 'c', cluster: 'one' }),
        hub({ name: 'd', cluster: 'two' }),
      ],
    });

    books.liveAll({ c: 'P@0 P@10', d: 'P@1 P@11' });
    for (const [name, text] of [
      ['a', 'F@10 cF@11.5'],
      ['b', 'F@11 cF@12.5'],
      ['a', 'cF@13'],
      ['b', 'cF@14'],
    ] as const) {
      books.live(name, text, 'login', down);
    }

    expect(books.incidents()).toMatchObject([
      { scope: { kind: 'identity-provider', id: 'github' }, members: [{ hub: 'a' }, { hub: 'b' }] },
    ]);
    expect(books.told('open-issue')).toMatchObject([
      { title: "[Incident] identity provider github: users can't log in" },
    ]);
  });

  it('is not the provider by itself when a hub is at fault', () => {
    const books = new FleetBooks({ hubs: [provided('a', 'one'), provided('b', 'two')] });

    books.liveAll({ a: 'F@10 cF@11.5 cF@13', b: 'F@11 cF@12.5 cF@14' });

    expect(books.incidents().map(({ scope }) => scope.kind)).toEqual(['hub', 'hub']);
  });
});
