import { describe, expect, it } from 'vitest';
import { replay } from '../../src/core/incident-log.ts';
import type { Run } from '../../src/core/run.ts';
import { at, history } from '../core/history.ts';
import { hub } from '../core/hub.ts';
import { type World, openWorld } from './world.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `hub-${String(index).padStart(2, '0')}`);
const HUBS = NAMES.map((name) => hub({ name, cluster: 'gke-1' }));
const OUTAGE_AT = 20;

/** A ten-minute schedule, each hub half a minute after the one before; failures are confirmed as usual. */
function runsOf(index: number, until: number, wellFrom: number): readonly Run[] {
  const name = NAMES[index] ?? '';
  const scheduled: number[] = [];
  for (let minute = index / 2; minute < until; minute += 10) scheduled.push(minute);
  const first = scheduled.find((minute) => minute >= OUTAGE_AT);
  const tokens = scheduled.flatMap((minute) => {
    const fails = minute >= OUTAGE_AT && minute < wellFrom;
    const confirming = minute === first ? [`cF@${minute + 1.5}`, `cF@${minute + 2.5}`] : [];
    return [`${fails ? 'F' : 'P'}@${minute}`, ...confirming];
  });
  // Runs of different hubs may begin at the same moment.
  return history(tokens.join(' '), 'server', name).map((run) => ({ ...run, id: `${run.id}-${name}` }));
}

/** All of it in the order in which it happens, with a look at all hubs once a minute, as the clock does it. */
async function happen(world: World, runs: readonly Run[], from: number, until: number): Promise<void> {
  const inOrder = runs.toSorted((one, other) => (one.finishedAt < other.finishedAt ? -1 : 1));
  for (let minute = from; minute < until; minute += 1) {
    await world.live(
      inOrder.filter(({ finishedAt }) => at(minute) <= finishedAt && finishedAt < at(minute + 1)),
    );
    world.setClock(at(minute + 1));
    await world.monitor.evaluate();
  }
}

async function effectsOf({
  store,
}: World): Promise<readonly { readonly kind: string; readonly at: string }[]> {
  const told: { kind: string; at: string }[] = [];
  const now = new Date(at(10_000));
  for (;;) {
    const delivery = await store.outbox.next('github', now);
    if (delivery === null) return told;
    told.push({ kind: delivery.effect.kind, at: delivery.effect.createdAt });
    await store.outbox.sending(delivery.effect.id, now);
    await store.outbox.delivered(delivery.effect.id, now, null);
  }
}

describe('twenty hubs of one cluster that go down within ten minutes', () => {
  it(
    'are one issue with few words, and over when all are well, across restarts',
    { timeout: 120_000 },
    async () => {
      const all = NAMES.flatMap((_, index) => runsOf(index, 90, 45));
      let world = await openWorld({ hubs: HUBS });
      await world.monitor.start();

      await happen(world, all, 0, 26);
      world = await world.restart();
      await happen(world, all, 26, 45);

      const [incident, another] = await world.store.activeIncidents();
      expect(another).toBeUndefined();
      expect(incident).toMatchObject({ scope: { kind: 'cluster', id: 'gke-1' }, startedAt: at(20) });
      expect(Date.parse(incident?.declaredAt ?? '')).toBeLessThanOrEqual(Date.parse(at(24)));
      expect(incident?.members.map(({ hub: name }) => name).toSorted()).toEqual(NAMES);

      world = await world.restart();
      await happen(world, all, 45, 90);

      const [resolved, other] = await world.store.incidents({ limit: 10 });
      expect(other).toBeUndefined();
      expect(resolved?.state).toBe('resolved');
      expect(replay(await world.store.incidentEvents(resolved?.id ?? ''))).toEqual(resolved);
      const told = await effectsOf(world);
      const counted = (kind: string) => told.filter((effect) => effect.kind === kind);
      expect(counted('open-issue')).toHaveLength(1);
      expect(counted('close-issue')).toHaveLength(1);
      const early = counted('comment').filter((comment) => comment.at < at(OUTAGE_AT + 14));
      expect(early.length).toBeLessThanOrEqual(3);
      expect(counted('comment').length).toBeLessThanOrEqual(4);
      expect(world.told.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});
