import { setTimeout as pause } from 'node:timers/promises';
import type { Contestant } from './contestants.ts';
import { type Measured, measure } from './meter.ts';
import type { Cost } from './results.ts';
import { type World, aVisit, leaveNothing } from './world.ts';

const WITHIN_MS = 300_000;

/** What one healthy check costs each contestant, in turns, so that a slow minute of the machine hits all alike. */
export async function measureCost(
  world: World,
  chosen: readonly Contestant[],
  { turns, atOnce }: { readonly turns: number; readonly atOnce: number },
): Promise<readonly Cost[]> {
  const measured = new Map(chosen.map(({ name }) => [name, [] as Measured[]]));
  // The first turn warms the machine's caches: it is told apart as cold.
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const contestant of chosen) {
      const users = world.testbed.users.slice(0, atOnce);
      const all = await Promise.all(
        users.map(async (user) => {
          const visit = await aVisit(world, { user });
          return measure(contestant.command(visit, world.places), WITHIN_MS);
        }),
      );
      for (const one of all) {
        const said = one.status === 0 ? 'passed' : `ended with ${one.status}:\n${one.output.slice(-1500)}`;
        world.say(
          `${turn === 0 ? 'cold' : `turn ${turn}`}  ${contestant.name.padEnd(26)} ${one.wallSeconds.toFixed(1)} s  ${one.cpuSeconds.toFixed(1)} s CPU  ${one.peakMiB.toFixed(0)} MiB  ${said}`,
        );
        measured.get(contestant.name)?.push(one);
      }
      await leaveNothing(world);
      await pause(500);
    }
  }
  return chosen.map(({ name }) => {
    const all = measured.get(name) ?? [];
    const good = all.filter(({ status }) => status === 0);
    const warm = good.slice(atOnce);
    return {
      contestant: name,
      atOnce,
      runs: warm.length,
      failed: all.length - good.length,
      coldSeconds: good[0]?.wallSeconds ?? null,
      warmSeconds: median(warm.map(({ wallSeconds }) => wallSeconds)),
      cpuSeconds: median(warm.map(({ cpuSeconds }) => cpuSeconds)),
      peakMiB: median(warm.map(({ peakMiB }) => peakMiB)),
    };
  });
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
