import type { Criterion } from '../core/criterion.ts';
import type { Run } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Entry } from './ledger.ts';
import { type Turn, World, type WorldSettings } from './world.ts';

export const TICK_MS = 60_000;

/** A confirming run that would have been asked for and was never made. */
export interface MissingConfirmation {
  readonly hub: string;
  /** What was suspect. */
  readonly criteria: readonly Criterion[];
  /** When it would have begun; ISO 8601 UTC. */
  readonly at: string;
}

export interface Replay {
  /** What would have been declared, oldest first. */
  readonly entries: readonly Entry[];
  readonly turns: readonly Turn[];
  /** How many confirming runs on record answer what would have been asked. */
  readonly confirmed: number;
  readonly missing: readonly MissingConfirmation[];
  /** Confirming runs on record that nobody would have asked for, and so would not have been made. */
  readonly leftOut: readonly Run[];
}

/**
 * Lives through recorded runs again under other criteria. A confirming run counts as it is, be it earlier or later than
 * it would have been, when one would have been asked for; else it would not exist, and is left out.
 * @param runs in any order
 */
export function replay(
  settings: WorldSettings,
  runs: readonly Run[],
  span: { readonly fromMs: number; readonly toMs: number },
): Replay {
  const world = new World(settings);
  const confirmations = new Confirmations(world);
  const leftOut: Run[] = [];
  let tickMs = Math.ceil(span.fromMs / TICK_MS) * TICK_MS;
  function passTimeUntil(ms: number): void {
    for (;;) {
      const nextMs = Math.min(tickMs, world.lookAgainAtMs ?? Infinity);
      if (nextMs > ms) return;
      world.tick(nextMs);
      if (nextMs === tickMs) tickMs += TICK_MS;
    }
  }
  for (const run of runs.toSorted(byEnd)) {
    const atMs = Date.parse(run.finishedAt);
    passTimeUntil(atMs);
    if (!confirmations.wouldBeMade(run)) {
      leftOut.push(run);
      continue;
    }
    world.ended(run, atMs);
    confirmations.note(run.hub);
  }
  passTimeUntil(span.toMs);
  const { confirmed, missing } = confirmations.closed(span.toMs);
  return { entries: world.ledger.entries, turns: world.turns, confirmed, missing, leftOut };
}

/** Which confirming runs are asked for, and which of them are on record. */
class Confirmations {
  readonly #world: World;
  /** What was asked for after the latest run of a hub. */
  readonly #asked = new Map<string, MissingConfirmation>();
  readonly #missing: MissingConfirmation[] = [];
  #confirmed = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** The next run on record; false for one that would not have been made. */
  wouldBeMade(run: Run): boolean {
    // Time alone may have given reason to ask: maintenance ended.
    if (!this.#asked.has(run.hub)) this.note(run.hub);
    const asked = this.#asked.get(run.hub);
    if (run.trigger === 'confirm') {
      if (asked !== undefined) this.#confirmed += 1;
      return asked !== undefined;
    }
    if (asked !== undefined && asked.at < run.startedAt) this.#missing.push(asked);
    return true;
  }

  note(hub: string): void {
    const confirmation = this.#world.confirmation(hub);
    if (confirmation === null) {
      this.#asked.delete(hub);
      return;
    }
    const verdicts = this.#world.verdicts().filter((verdict) => verdict.hub === hub);
    const of = (kind: Verdict['verdict']) =>
      verdicts.filter(({ verdict }) => verdict === kind).map(({ criterion }) => criterion);
    const suspect = of('suspect');
    const criteria = suspect.length > 0 ? suspect : of('broken');
    this.#asked.set(hub, { hub, criteria, at: confirmation.at });
  }

  closed(toMs: number): Pick<Replay, 'confirmed' | 'missing'> {
    const never = [...this.#asked.values()].filter(({ at }) => Date.parse(at) < toMs);
    const missing = [...this.#missing, ...never].toSorted((one, other) => (one.at < other.at ? -1 : 1));
    return { confirmed: this.#confirmed, missing };
  }
}

function byEnd(one: Run, other: Run): number {
  if (one.finishedAt !== other.finishedAt) return one.finishedAt < other.finishedAt ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}
