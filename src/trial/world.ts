import { assess } from '../core/assess.ts';
import type { Confirmation } from '../core/confirm.ts';
import type { Criteria } from '../core/criteria.ts';
import type { Criterion } from '../core/criterion.ts';
import { provesCredential } from '../core/evidence.ts';
import { decideFleet } from '../core/fleet.ts';
import type { Hub } from '../core/hub.ts';
import { declaredOf } from '../core/members.ts';
import { type MaintenanceWindow, mutedUntil } from '../core/maintenance.ts';
import type { Rhythm } from '../core/rhythm.ts';
import type { Run } from '../core/run.ts';
import { RUNS_LOOKED_AT, type Situation } from '../core/situation.ts';
import type { Verdict, VerdictKind } from '../core/verdict.ts';
import { Ledger } from './ledger.ts';

export interface TrialHub extends Rhythm {
  readonly hub: Hub;
  /** The accounts that are known to have logged in before the first run. */
  readonly provenAccounts: readonly string[];
}

export interface WorldSettings {
  readonly hubs: readonly TrialHub[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Whether the world outside can be reached at this moment; null when nobody knows. */
  readonly reachable: (atMs: number) => boolean | null;
  /** Leave nothing out, however certain it is that nothing follows from it: slow, to be compared with. */
  readonly thorough?: boolean;
}

/** A verdict that became another. */
export interface Turn {
  readonly hub: string;
  readonly criterion: Criterion;
  readonly verdict: VerdictKind;
  readonly atMs: number;
}

/** Verdicts go stale later than this after the last evidence. */
const SURELY_FRESH_INTERVALS = 2;

/**
 * The monitor and its store in memory: the same pure core over the same facts, in whatever time it is told. What it
 * leaves out decides nothing: judging a healthy hub when one more run of it passes, and deciding while no verdict is
 * broken and no incident open. So months take seconds.
 */
export class World {
  readonly ledger = new Ledger();
  readonly turns: Turn[] = [];
  readonly #settings: WorldSettings;
  readonly #hubs: readonly Hub[];
  readonly #places: ReadonlyMap<string, Place>;
  #ids = 0;
  #lookAgainAtMs: number | null = null;

  constructor(settings: WorldSettings) {
    this.#settings = settings;
    this.#hubs = settings.hubs.map(({ hub }) => hub);
    this.#places = new Map(settings.hubs.map((each) => [each.hub.name, new Place(each)]));
  }

  /** A run has ended at this moment and is recorded with all that follows from it. */
  ended(run: Run, atMs: number): void {
    const place = this.#places.get(run.hub);
    if (place === undefined) return;
    place.add(run);
    if (!this.#isCalm(place)) this.#judge(place, atMs);
    else if (passedAll(run, place.hub)) place.saidAgain(atMs);
    else if (!saysNothing(run)) this.#judge(place, atMs);
    if (!this.ledger.isQuiet || this.#mayDecide()) this.#decide(atMs);
    else this.#lookAgainAtMs = null;
  }

  /** Time has passed. */
  tick(atMs: number): void {
    for (const place of this.#places.values()) {
      if (!this.#isCalm(place) || !place.isSurelyFresh(atMs)) this.#judge(place, atMs);
    }
    if (!this.ledger.isQuiet || this.#mayDecide() || this.#mayClose(atMs)) this.#decide(atMs);
    else this.#lookAgainAtMs = null;
  }

  /** When time has to pass at the latest, because something waits; null when nothing does. */
  get lookAgainAtMs(): number | null {
    return this.#lookAgainAtMs;
  }

  /** The confirming run that a hub needs next. */
  confirmation(hub: string): Confirmation | null {
    return this.#places.get(hub)?.confirmation ?? null;
  }

  verdicts(): readonly Verdict[] {
    return [...this.#places.values()].flatMap(({ verdicts }) => verdicts);
  }

  /** Its verdicts stay what they are while its runs pass. */
  #isCalm(place: Place): boolean {
    return this.#settings.thorough !== true && place.isHealthy && !this.ledger.isActive(place.hub.name);
  }

  #mayDecide(): boolean {
    if (this.#settings.thorough === true) return true;
    for (const { isBroken } of this.#places.values()) if (isBroken) return true;
    return false;
  }

  /** What is resolved stays to be reopened for a while. */
  #mayClose(atMs: number): boolean {
    const { reopenWithinMs } = this.#settings.criteria;
    return this.ledger.live.some(
      ({ resolvedAt, isFlapping }) =>
        isFlapping || resolvedAt === null || atMs - Date.parse(resolvedAt) >= reopenWithinMs,
    );
  }

  #judge(place: Place, atMs: number): void {
    const before = place.verdicts;
    const { criteria, maintenance } = this.#settings;
    const { name } = place.hub;
    const now = new Date(atMs);
    const declared = declaredOf(name, this.ledger.live);
    const { verdicts, confirmation } = assess(
      place.situation({ criteria, declared, mutedUntil: mutedUntil(name, now, maintenance), now }),
    );
    place.judged(verdicts, confirmation);
    for (const { hub, criterion, verdict } of verdicts) {
      const kind = before.find((each) => each.criterion === criterion)?.verdict;
      if (kind !== verdict) this.turns.push({ hub, criterion, verdict, atMs });
    }
  }

  #decide(atMs: number): void {
    const verdicts = this.verdicts();
    const { criteria, maintenance, reachable } = this.#settings;
    const input = {
      hubs: this.#hubs,
      verdictsBefore: verdicts,
      verdicts,
      live: this.ledger.live,
      past: this.ledger.past,
      criteria,
      maintenance,
      now: new Date(atMs),
      newId: () => `TRIAL${String((this.#ids += 1)).padStart(9, '0')}`,
    };
    let decided = decideFleet({ ...input, reachable: null });
    // Whether the world can be reached is tried only when that matters.
    if (decided.suspicions.length > 0) decided = decideFleet({ ...input, reachable: reachable(atMs) });
    const [mistake] = decided.mistakes;
    if (mistake !== undefined) throw new Error('bug: nothing could be decided', { cause: mistake });
    this.ledger.record(decided.changes);
    this.#lookAgainAtMs = decided.lookAgainAt === null ? null : Date.parse(decided.lookAgainAt);
  }
}

/** What is stored of one hub. */
class Place {
  readonly hub: Hub;
  readonly #rhythm: Rhythm;
  /** Oldest first. */
  #runs: Run[] = [];
  #verdicts: readonly Verdict[] = [];
  readonly #provenAccounts: Set<string>;
  #toldAtMs = -Infinity;
  /** Something was told since the verdicts were made, and it was only the same again. */
  #isToldAgain = false;
  #isHealthy = false;
  #isBroken = false;
  confirmation: Confirmation | null = null;

  constructor({ hub, intervalMs, longestGapMs, provenAccounts }: TrialHub) {
    this.hub = hub;
    this.#rhythm = { intervalMs, longestGapMs };
    this.#provenAccounts = new Set(provenAccounts);
  }

  get isHealthy(): boolean {
    return this.#isHealthy;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  get verdicts(): readonly Verdict[] {
    if (!this.#isToldAgain) return this.#verdicts;
    const toldAt = new Date(this.#toldAtMs).toISOString();
    this.#isToldAgain = false;
    this.#verdicts = this.#verdicts.map((verdict) => ({ ...verdict, toldAt, triedAt: toldAt }));
    return this.#verdicts;
  }

  add(run: Run): void {
    this.#runs.push(run);
    if (this.#runs.length > 2 * RUNS_LOOKED_AT) this.#runs = this.#runs.slice(-RUNS_LOOKED_AT);
    if (run.account !== null && provesCredential(run)) this.#provenAccounts.add(run.account);
  }

  /** A run passed and changes nothing. */
  saidAgain(atMs: number): void {
    this.#toldAtMs = atMs;
    this.#isToldAgain = true;
  }

  judged(verdicts: readonly Verdict[], confirmation: Confirmation | null): void {
    this.#verdicts = verdicts;
    this.#toldAtMs = Math.min(
      ...verdicts.map(({ toldAt }) => (toldAt === null ? -Infinity : Date.parse(toldAt))),
    );
    this.#isToldAgain = false;
    this.#isBroken = verdicts.some(({ verdict }) => verdict === 'broken');
    this.#isHealthy = verdicts.every(({ verdict }) => verdict === 'healthy');
    this.confirmation = confirmation;
  }

  isSurelyFresh(atMs: number): boolean {
    return atMs - this.#toldAtMs < SURELY_FRESH_INTERVALS * this.#rhythm.intervalMs;
  }

  situation(moment: Pick<Situation, 'criteria' | 'declared' | 'mutedUntil' | 'now'>): Situation {
    return {
      hub: this.hub.name,
      probes: this.hub.probes,
      runs: this.#runs.slice(-RUNS_LOOKED_AT).toReversed(),
      ...this.#rhythm,
      provenAccounts: [...this.#provenAccounts],
      previous: this.verdicts,
      ...moment,
    };
  }
}

function saysNothing({ outcome }: Run): boolean {
  return outcome === 'errored' || outcome === 'aborted';
}

function passedAll(run: Run, { probes }: Hub): boolean {
  return run.outcome === 'passed' && probes.every((criterion) => run.criteria[criterion] === 'passed');
}
