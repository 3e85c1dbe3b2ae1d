import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { COMPILE_CACHE } from '../../../src/compile-cache.ts';
import { type Contestant, type Visit, apiUserOf } from './contestants.ts';
import { type Measured, measure } from './meter.ts';
import { type Cost, spreadOf } from './results.ts';
import { type World, aVisit, leaveNothing } from './world.ts';

const WITHIN_MS = 300_000;

interface Turn extends Measured {
  /** What the hub itself says that the server took to start. */
  readonly hubStartSeconds: number;
}

/** Somebody whose visits are measured. */
export interface Racer {
  readonly name: string;
  /** All of these at the same time. */
  all(visits: readonly Visit[]): Promise<readonly Measured[]>;
}

/** A contestant whose visit is a process of its own. */
export function racerOf(contestant: Contestant, { places }: World): Racer {
  return {
    name: contestant.name,
    all: (visits) =>
      Promise.all(visits.map((visit) => measure(contestant.command(visit, places), WITHIN_MS))),
  };
}

export interface Turns {
  /** With nothing compiled before by us; in the first of them the browser, too, comes from the disk. */
  readonly cold: number;
  readonly warm: number;
  readonly atOnce: number;
}

/** What one healthy check costs each contestant, in turns, so that a slow minute of the machine hits all alike. */
export async function measureCost(
  world: World,
  racers: readonly Racer[],
  { cold, warm, atOnce }: Turns,
): Promise<readonly Cost[]> {
  const measured = new Map(racers.map(({ name }) => [name, [] as (readonly Turn[])[]]));
  const loads: number[] = [];
  for (let turn = 0; turn < cold + warm; turn += 1) {
    for (const racer of racers) {
      if (turn < cold) await rm(COMPILE_CACHE, { recursive: true, force: true });
      const users = world.testbed.users.slice(0, atOnce);
      const all = await oneTurn(
        world,
        racer,
        await Promise.all(users.map((user) => aVisit(world, { user }))),
      );
      for (const one of all) say(world, turn < cold ? 'cold' : `turn ${turn - cold + 1}`, racer, one);
      measured.get(racer.name)?.push(all);
      loads.push(loadavg()[0] ?? NaN);
      await leaveNothing(world);
      await pause(500);
    }
  }
  return racers.map(({ name }) => {
    const all = measured.get(name) ?? [];
    const [atFirst, later] = [all.slice(0, cold).flat(), all.slice(cold).flat()].map((some) =>
      some.filter(({ status }) => status === 0),
    );
    return {
      contestant: name,
      atOnce,
      runs: later?.length ?? 0,
      failed: all.flat().filter(({ status }) => status !== 0).length,
      coldSeconds: spreadOf((atFirst ?? []).map(({ wallSeconds }) => wallSeconds)),
      warmSeconds: spreadOf((later ?? []).map(({ wallSeconds }) => wallSeconds)),
      hubStartSeconds: spreadOf((later ?? []).map(({ hubStartSeconds }) => hubStartSeconds)),
      otherSeconds: spreadOf(
        (later ?? []).map(({ wallSeconds, hubStartSeconds }) => wallSeconds - hubStartSeconds),
      ),
      cpuSeconds: spreadOf((later ?? []).map(({ cpuSeconds }) => cpuSeconds)),
      peakMiB: spreadOf((later ?? []).map(({ peakMiB }) => peakMiB)),
      load: spreadOf(loads),
    };
  });
}

async function oneTurn({ testbed }: World, racer: Racer, visits: readonly Visit[]): Promise<readonly Turn[]> {
  const logged = (await testbed.log('hub')).length;
  const all = await racer.all(visits);
  const starts = startsIn((await testbed.log('hub')).slice(logged));
  return all.map((measured, index) => {
    const { user = '' } = visits[index] ?? {};
    const hubStartSeconds = starts.get(user) ?? starts.get(apiUserOf({ user }));
    if (measured.status === 0 && hubStartSeconds === undefined)
      throw new Error(`the hub's log says nothing of a start for ${user}`);
    return { ...measured, hubStartSeconds: hubStartSeconds ?? NaN };
  });
}

/** Seconds that each user's last start took, by the hub's log. */
function startsIn(log: string): ReadonlyMap<string, number> {
  const said = log.matchAll(/User (\S+) took ([\d.]+) seconds to start/g);
  return new Map([...said].map(([, user = '', seconds]) => [user, Number(seconds)]));
}

function say(world: World, turn: string, { name }: Racer, one: Turn): void {
  const said = one.status === 0 ? 'passed' : `ended with ${one.status}:\n${one.output.slice(-1500)}`;
  const took = `${one.wallSeconds.toFixed(1)} s (start ${one.hubStartSeconds.toFixed(1)})  ${one.cpuSeconds.toFixed(1)} s CPU  ${one.peakMiB.toFixed(0)} MiB`;
  world.say(`${turn}  ${name.padEnd(36)} ${took}  ${said}`);
}
