import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/trial/ledger.ts';
import { World as TrialWorld } from '../../src/trial/world.ts';
import { GO_ON, type World, openWorld } from '../monitor/world.ts';
import { DECLARED_LIFE, HUBS, START_MS, aRunOf, lived, lives, moments, outline, settings } from './lives.ts';

async function logsOf({ store }: World): Promise<readonly Entry[]> {
  const incidents = (await store.incidents({ limit: 1000 })).toReversed();
  return Promise.all(
    incidents.map(async (incident) => ({ incident, events: await store.incidentEvents(incident.id) })),
  );
}

describe('the monitor in memory', () => {
  it('decides what the real monitor decides over a real store', { timeout: 120_000 }, async () => {
    let declared = 0;
    await fc.assert(
      fc.asyncProperty(lives(16), async (runs) => {
        const real = await openWorld({ hubs: HUBS });
        const trial = new TrialWorld(settings());
        for (const { run, atMs } of moments(runs, () => trial.lookAgainAtMs)) {
          real.setClock(new Date(atMs).toISOString());
          if (run === null) {
            await real.monitor.evaluate();
            trial.tick(atMs);
          } else {
            await real.monitor.runEnded(run, GO_ON);
            trial.ended(run, atMs);
          }
        }

        const logs = await logsOf(real);
        expect(outline(trial.ledger.entries)).toEqual(outline(logs));
        declared += logs.length;
        await real.close();
      }),
      // Random lives need not declare anything.
      { numRuns: 4, examples: [[DECLARED_LIFE]] },
    );
    expect(declared).toBeGreaterThan(0);
  });

  it('leaves nothing out that matters', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(lives(40), (runs) => {
        const quick = lived(runs);
        const thorough = lived(runs, { thorough: true });

        expect(outline(quick.ledger.entries)).toEqual(outline(thorough.ledger.entries));
        expect(quick.turns).toEqual(thorough.turns);
        for (const { name } of HUBS) expect(quick.confirmation(name)).toEqual(thorough.confirmation(name));
      }),
      { numRuns: 15 },
    );
  });

  it('knows a confirmation that is wanted, and none of a hub that nobody knows', () => {
    const world = lived([]);
    const failed = aRunOf('a', 'S', START_MS);

    world.ended(aRunOf('stranger', 'S', START_MS), START_MS);
    world.ended(failed, Date.parse(failed.finishedAt));

    expect(world.confirmation('a')).toMatchObject({ at: '2026-03-01T10:01:30.000Z', attempt: 2 });
    expect(world.confirmation('b')).toBeNull();
    expect(world.confirmation('stranger')).toBeNull();
  });
});
