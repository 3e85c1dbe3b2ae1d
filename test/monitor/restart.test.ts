import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { at, history } from '../core/history.ts';
import { openWorld } from './world.ts';

const lives = fc.array(
  fc.record({
    token: fc.constantFrom('P', 'F', 'F', 'cF', 'cP', 'dF', 'E', 'cE', 'A', 'U'),
    gap: fc.integer({ min: 1, max: 11 }),
  }),
  { minLength: 4, maxLength: 14 },
);

/** Everything the store knows, without the ids we gave. */
async function contents(store: Store) {
  const incidents = await store.incidents({ limit: 100 });
  return {
    runs: (await store.recentRuns('staging', 100)).map(({ id }) => id),
    verdicts: await store.verdicts(),
    incidents: incidents.map((incident) => ({ ...incident, id: '' })),
    events: await Promise.all(
      incidents.map(async ({ id }) =>
        (await store.incidentEvents(id)).map((event) => ({ ...event, incident: '' })),
      ),
    ),
    effects: (await store.outbox.status()).pending,
  };
}

describe('a restart between any two runs', () => {
  it('changes nothing', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(lives, fc.nat(), async (steps, where) => {
        let minute = 0;
        const runs = history(
          steps.map(({ token, gap }) => `${token}@${(minute += gap)}`).join(' '),
        ).toReversed();
        const cut = where % runs.length;

        const through = await openWorld();
        await through.monitor.start();
        await through.live(runs);
        const before = await openWorld();
        await before.monitor.start();
        await before.live(runs.slice(0, cut));
        const after = await before.restart();
        await after.live(runs.slice(cut));

        expect(await contents(after.store)).toEqual(await contents(through.store));
        await Promise.all([through.close(), after.close()]);
      }),
      { numRuns: 25 },
    );
  });

  it('declares exactly once, whichever run it comes after', async () => {
    const runs = history('P@0 F@10 cF@11.5 cF@13 F@20 P@30 P@40 P@50').toReversed();

    for (let cut = 0; cut <= runs.length; cut += 1) {
      const before = await openWorld();
      await before.live(runs.slice(0, cut));
      const after = await before.restart();
      await after.live(runs.slice(cut));

      expect(await after.store.incidents({ limit: 10 })).toMatchObject([
        {
          state: 'resolved',
          startedAt: at(10),
          declaredAt: at(13.5),
          recoveredAt: at(30),
          resolvedAt: at(50.5),
        },
      ]);
      expect((await after.store.outbox.status()).pending).toBe(4);
      await after.close();
    }
  });
});
