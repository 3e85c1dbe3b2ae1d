import type { Criteria } from '../core/criteria.ts';
import type { Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import { evenRhythm } from '../core/rhythm.ts';
import type { Trigger } from '../core/run.ts';
import { Agenda } from './agenda.ts';
import { type Fleet, type FleetWish, type MadeUpHub, START_MS, makeFleet } from './fleet.ts';
import type { Entry } from './ledger.ts';
import { ACCOUNT, MadeUpRun } from './made-up-run.ts';
import { type Random, createRandom, lognormal } from './random.ts';
import { TICK_MS } from './replay.ts';
import { World } from './world.ts';

export interface Simulation {
  readonly fleet: Fleet;
  /** Oldest first. */
  readonly entries: readonly Entry[];
  readonly runs: { readonly scheduled: number; readonly confirming: number; readonly skipped: number };
}

type Coming =
  | { readonly kind: 'slot'; readonly canary: Canary; readonly slotMs: number }
  | { readonly kind: 'scheduled'; readonly canary: Canary }
  | {
      readonly kind: 'confirm';
      readonly canary: Canary;
      readonly arrangement: number;
      readonly attempt: number;
    }
  | {
      readonly kind: 'end';
      readonly canary: Canary;
      readonly trigger: Trigger;
      readonly attempt: number;
      readonly startedMs: number;
    }
  | { readonly kind: 'tick' }
  /** Beyond the ticks, because something waits. */
  | { readonly kind: 'look' };

/**
 * Lives through made-up time: runs begin at their slots and as confirmations are asked for, meet what happens to the
 * fleet, and are judged and decided by the pure core. A hub has one run at a time; runs of different hubs never wait for
 * each other. The same wish gives the same result.
 * @param pattern what the made-up hubs are like in all that is not wished for
 */
export function simulate(wish: FleetWish, criteria: Criteria, pattern: Hub): Simulation {
  return new Simulator(wish, criteria, pattern).live();
}

class Simulator {
  readonly #wish: FleetWish;
  readonly #fleet: Fleet;
  readonly #world: World;
  readonly #canaries: readonly Canary[];
  readonly #agenda = new Agenda<Coming>();
  readonly #runs = { scheduled: 0, confirming: 0, skipped: 0 };
  #ids = 0;
  #lookMs: number | null = null;

  constructor(wish: FleetWish, criteria: Criteria, pattern: Hub) {
    this.#wish = wish;
    this.#fleet = makeFleet(wish);
    this.#canaries = this.#fleet.hubs.map((hub) => new Canary(hub, this.#fleet, wish));
    this.#world = new World({
      hubs: this.#fleet.hubs.map((hub) => ({
        hub: settingsOf(hub, wish, pattern),
        ...evenRhythm(wish.intervalMs + wish.jitterMs),
        provenAccounts: [ACCOUNT],
      })),
      criteria,
      maintenance: [],
      reachable: () => null,
    });
  }

  live(): Simulation {
    const { intervalMs } = this.#wish;
    for (const canary of this.#canaries) {
      this.#agenda.add(START_MS, { kind: 'slot', canary, slotMs: START_MS });
    }
    this.#agenda.add(START_MS + TICK_MS, { kind: 'tick' });
    for (
      let next = this.#agenda.take();
      next !== null && next.atMs < this.#fleet.endMs;
      next = this.#agenda.take()
    ) {
      this.#happen(next.what, next.atMs, intervalMs);
      this.#arrangeLook(next.atMs);
    }
    return { fleet: this.#fleet, entries: this.#world.ledger.entries, runs: this.#runs };
  }

  #happen(what: Coming, atMs: number, intervalMs: number): void {
    switch (what.kind) {
      case 'tick':
        this.#world.tick(atMs);
        this.#agenda.add(atMs + TICK_MS, what);
        return;
      case 'look':
        if (atMs === this.#lookMs) this.#world.tick(atMs);
        return;
      case 'slot': {
        const { canary } = what;
        this.#agenda.add(atMs + canary.jitterMs(), { kind: 'scheduled', canary });
        this.#agenda.add(atMs + intervalMs, { ...what, slotMs: atMs + intervalMs });
        return;
      }
      case 'scheduled':
        if (what.canary.isBusy) this.#runs.skipped += 1;
        else this.#begin(what.canary, 'schedule', 1, atMs);
        return;
      case 'confirm':
        this.#confirm(what, atMs);
        return;
      case 'end':
        this.#end(what, atMs);
    }
  }

  #arrangeLook(nowMs: number): void {
    const atMs = this.#world.lookAgainAtMs;
    if (atMs === this.#lookMs) return;
    this.#lookMs = atMs;
    if (atMs !== null) this.#agenda.add(Math.max(atMs, nowMs + 1), { kind: 'look' });
  }

  #confirm({ canary, arrangement, attempt }: Extract<Coming, { kind: 'confirm' }>, atMs: number): void {
    // When the run in flight ends, the next confirmation is arranged anew.
    if (arrangement !== canary.arrangement || canary.isBusy) return;
    if (this.#world.confirmation(canary.name) === null) return;
    this.#begin(canary, 'confirm', attempt, atMs);
  }

  #begin(canary: Canary, trigger: Trigger, attempt: number, startedMs: number): void {
    canary.isBusy = true;
    if (trigger === 'confirm') this.#runs.confirming += 1;
    else this.#runs.scheduled += 1;
    const endsMs = startedMs + canary.look(startedMs);
    this.#agenda.add(endsMs, { kind: 'end', canary, trigger, attempt, startedMs });
  }

  #end({ canary, trigger, attempt, startedMs }: Extract<Coming, { kind: 'end' }>, finishedMs: number): void {
    const { name: hub, seen: result } = canary;
    const { probes } = this.#wish;
    const id = `RUN${String((this.#ids += 1)).padStart(12, '0')}`;
    canary.isBusy = false;
    this.#world.ended(
      new MadeUpRun({ id, hub, trigger, attempt, startedMs, finishedMs, probes, result }),
      finishedMs,
    );
    canary.arrangement += 1;
    const confirmation = this.#world.confirmation(hub);
    if (confirmation === null) return;
    this.#agenda.add(Date.parse(confirmation.at), {
      kind: 'confirm',
      canary,
      arrangement: canary.arrangement,
      attempt: confirmation.attempt,
    });
  }
}

/** The user who visits one hub, and what they meet there. */
class Canary {
  readonly name: string;
  readonly #hub: MadeUpHub;
  readonly #bursts: Fleet['bursts'];
  readonly #wish: FleetWish;
  readonly #random: Random;
  #firstOutage = 0;
  #firstBurst = 0;
  isBusy = false;
  /** Counts the times at which the next confirmation was arranged anew. */
  arrangement = 0;
  seen: 'passed' | 'errored' | { readonly failed: Criterion } = 'passed';

  constructor(hub: MadeUpHub, { bursts }: Fleet, wish: FleetWish) {
    this.name = hub.name;
    this.#hub = hub;
    this.#bursts = bursts;
    this.#wish = wish;
    this.#random = createRandom(`${wish.seed}/runs/${hub.name}`);
  }

  jitterMs(): number {
    return Math.round(this.#random.next() * this.#wish.jitterMs);
  }

  /** Visits the hub at this moment, on which the result depends alone. @returns how long the visit takes */
  look(atMs: number): number {
    const { runMs, failedRunMs, spread } = this.#wish;
    const [luck, ourLuck, burstLuck] = [this.#random.next(), this.#random.next(), this.#random.next()];
    this.seen = this.#meet(atMs, luck, ourLuck, burstLuck);
    return Math.round(lognormal(this.#random, this.seen === 'passed' ? runMs : failedRunMs, spread));
  }

  #meet(atMs: number, luck: number, ourLuck: number, burstLuck: number): Canary['seen'] {
    const { errored, flake, burstFlake, probes } = this.#wish;
    if (ourLuck < errored) return 'errored';
    const outage = this.#outageAt(atMs);
    if (outage !== null) return { failed: outage };
    const [first] = probes;
    if (first !== undefined && burstLuck < burstFlake && this.#isBurst(atMs)) return { failed: first };
    const last = probes.at(-1);
    return last !== undefined && luck < flake ? { failed: last } : 'passed';
  }

  /** The first criterion that does not hold. */
  #outageAt(atMs: number): Criterion | null {
    const { outages } = this.#hub;
    this.#firstOutage = skipOver(outages, this.#firstOutage, atMs);
    const active: Criterion[] = [];
    for (let index = this.#firstOutage; ; index += 1) {
      const outage = outages[index];
      if (outage === undefined || outage.fromMs > atMs) break;
      if (outage.toMs > atMs) active.push(outage.criterion);
    }
    return this.#wish.probes.find((criterion) => active.includes(criterion)) ?? null;
  }

  #isBurst(atMs: number): boolean {
    this.#firstBurst = skipOver(this.#bursts, this.#firstBurst, atMs);
    const burst = this.#bursts[this.#firstBurst];
    return burst !== undefined && burst.fromMs <= atMs;
  }
}

/** The first from this index on that is not over. */
function skipOver(spans: readonly { readonly toMs: number }[], from: number, atMs: number): number {
  let index = from;
  for (let span = spans[index]; span !== undefined && span.toMs <= atMs; span = spans[index]) index += 1;
  return index;
}

function settingsOf({ name, cluster }: MadeUpHub, { probes, jitterMs }: FleetWish, pattern: Hub): Hub {
  return {
    ...pattern,
    name,
    cluster,
    probes,
    jitterMs,
    identityProvider: null,
    canary: false,
    tier: 'production',
  };
}
