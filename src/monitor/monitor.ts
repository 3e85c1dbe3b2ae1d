import { type Assessment, assess, changedVerdicts } from '../core/assess.ts';
import type { Criteria } from '../core/criteria.ts';
import type { Decision } from '../core/decision.ts';
import { type FleetDecision, type FleetInput, decideFleet, told } from '../core/fleet.ts';
import type { Hub } from '../core/hub.ts';
import type { Incident } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import { type IssueSighting, actsOf } from '../core/sighting.ts';
import type { TellInput } from '../core/tell.ts';
import { type Verdict, updated } from '../core/verdict.ts';
import type { RunRequest } from '../queue/queue.ts';
import { Conflict, type Store } from '../store/store.ts';
import { type ConfirmationLimits, type Confirmations, createConfirmations } from './confirmations.ts';
import { commitOf, factsOnly } from './commit-of.ts';
import { intervalMs } from './interval.ts';
import { type Recorded, type WatchedHub, readRecorded, readSituation } from './known.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';
import { abortUnfinished } from './reconcile.ts';
import { type Serial, createSerial } from './serial.ts';
import { decisionOf, readMaterials } from './telling.ts';
import { untilDone } from './until-done.ts';

/** Verdicts go stale, quiet times pass and maintenance ends without any run. */
const EVALUATE_EVERY_MS = 60_000;
const CONFLICT_TRIES = 5;
const RETRY_AT_MOST_MS = 60_000;

export interface MonitorParts
  extends Pick<FleetInput, 'maintenance' | 'newId'>, Pick<TellInput, 'publicUrl' | 'labels' | 'channels'> {
  readonly store: Store;
  readonly hubs: readonly Hub[];
  readonly criteria: Criteria;
  readonly now: () => Date;
  readonly observer: Observer;
  readonly log: Log;
  /** Says that there is something to deliver. */
  readonly wakeOutbox: () => void;
  /** Asks for a confirming run; refusing it is fine while another run of the hub is in flight. */
  readonly requestRun: (request: RunRequest) => boolean;
  readonly confirmationLimits: ConfirmationLimits;
  /** How long to wait after the n-th failure of the store in a row. */
  readonly retryAfterMs?: (failures: number) => number;
}

/** A look at an issue, and its incident as it was known then. */
export interface Sighted {
  readonly incident: Incident;
  readonly sighting: IssueSighting;
}

export interface MonitorStatus {
  /** Runs that ended and are kept in memory until the store takes them. */
  readonly uncommittedRuns: number;
  /** What the store failed with last; null as soon as it works again. */
  readonly storeError: string | null;
}

/** What everything that is decided at one moment is decided by. */
interface Moment {
  readonly recorded: Recorded;
  readonly run: Run | null;
  readonly now: Date;
}

const NOTHING: Decision = { incidents: [], events: [], effects: [], reasons: [] };

/** The pipeline: read → judge → decide → commit → tell. What is told to the outside goes through the outbox. */
export class Monitor {
  private readonly parts: MonitorParts;
  private readonly hubs: ReadonlyMap<string, WatchedHub>;
  private readonly confirmations: Confirmations;
  private readonly serial: Serial = createSerial();
  private readonly uncommitted = new Set<string>();
  private storeError: string | null = null;
  private clock: NodeJS.Timeout | null = null;
  private isEvaluating = false;

  constructor(parts: MonitorParts) {
    this.parts = parts;
    this.hubs = new Map(
      parts.hubs.map((hub) => [hub.name, { hub, intervalMs: intervalMs(hub.schedule) + hub.jitterMs }]),
    );
    const clusterOf = (name: string) => this.hubs.get(name)?.hub.cluster ?? null;
    this.confirmations = createConfirmations({ ...parts, clusterOf, limits: parts.confirmationLimits });
  }

  /**
   * Ends what the last process left unfinished, then looks at every hub, now and once a minute. To be awaited before
   * the first run begins. @throws what the store throws
   */
  async start(): Promise<void> {
    await abortUnfinished(this.parts.store, this.parts.now());
    await this.evaluate();
    this.clock = setInterval(() => this.evaluateAll(), EVALUATE_EVERY_MS).unref();
  }

  stop(): void {
    if (this.clock !== null) clearInterval(this.clock);
    this.confirmations.clear();
  }

  status(): MonitorStatus {
    return { uncommittedRuns: this.uncommitted.size, storeError: this.storeError };
  }

  /**
   * Resolves when the run is recorded with what follows from it, however long the store takes to accept it. Once
   * `signal` is given it tries a few times more and gives up. Never rejects.
   */
  async runEnded(run: Run, signal: AbortSignal): Promise<void> {
    this.uncommitted.add(run.id);
    const recorded = await this.inTurn(() =>
      untilDone(() => this.settleRun(run), {
        signal,
        waitMs: this.parts.retryAfterMs ?? ((failures) => Math.min(RETRY_AT_MOST_MS, 500 * 2 ** failures)),
        onError: (error) => this.failed(error, { run: run.id, hub: run.hub }),
      }),
    );
    this.uncommitted.delete(run.id);
    if (run.trigger === 'confirm') this.confirmations.ended(run.hub);
    if (!recorded) this.parts.log('error', 'the service stops before a run could be recorded', { run });
  }

  /** Looks at one hub, or at all of them, without a new run. @throws what the store throws */
  evaluate(hub?: string): Promise<void> {
    const watched = [...this.hubs.values()].filter((each) => hub === undefined || each.hub.name === hub);
    return this.inTurn(() => this.settle(watched, null));
  }

  /**
   * Records what humans did on issues. Each sighting comes with the incident as it was when all of it had been told and the
   * issue was looked at; where it has changed since, the sighting is out of date and left. @throws what the store throws
   */
  sighted(sightings: readonly Sighted[]): Promise<void> {
    return this.inTurn(async () => {
      const live = await this.parts.store.liveIncidents();
      const changes = sightings
        .filter(({ incident: { id, revision } }) =>
          live.some((now) => now.id === id && now.revision === revision),
        )
        .map(({ incident, sighting }) => actsOf(incident, sighting))
        .filter(({ added }) => added.length > 0);
      if (changes.length === 0) return;
      const reasons = changes.flatMap(({ incident, added }) => added.map((event) => told(incident, event)));
      const decision = await this.withTellings({ changes, reasons }, null, this.parts.now());
      if (await this.parts.store.commit(commitOf(null, [], decision))) this.tell(null, decision);
    });
  }

  /** Incidents are about groups of hubs: one decision at a time, for all of them. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.serial.inTurn('all hubs', work);
  }

  private evaluateAll(): void {
    if (this.isEvaluating) return;
    this.isEvaluating = true;
    this.evaluate()
      .catch((error: unknown) => this.failed(error, {}))
      .finally(() => (this.isEvaluating = false));
  }

  private async settleRun(run: Run): Promise<void> {
    const watched = this.hubs.get(run.hub);
    if (watched === undefined) return this.recordAlone(run);
    return this.settle([watched], run);
  }

  /** One transaction; when somebody else changed an incident in between, all is read and decided again. */
  private async settle(watched: readonly WatchedHub[], run: Run | null): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.settleOnce(watched, run);
      } catch (error) {
        if (!(error instanceof Conflict) || tries === CONFLICT_TRIES) throw error;
      }
    }
  }

  private async settleOnce(watched: readonly WatchedHub[], run: Run | null): Promise<void> {
    const { store, now, observer } = this.parts;
    const moment = { recorded: await readRecorded(store), run, now: now() };
    const assessed: { readonly hub: Hub; readonly assessment: Assessment }[] = [];
    for (const each of watched) {
      const assessment = await this.assessed(each, moment);
      if (assessment !== null) assessed.push({ hub: each.hub, assessment });
    }
    const [one] = assessed;
    if (one === undefined) return this.recordAlone(run);
    const verdicts = assessed.flatMap(({ assessment }) => assessment.verdicts);
    const decision = await this.decided(verdicts, moment);
    // A run leaves its mark even on verdicts that it merely confirms.
    const news = run === null ? changedVerdicts(verdicts, moment.recorded.verdicts) : verdicts;
    const occasion = run === null ? null : { hub: one.hub, run };
    const worthIt = run !== null || news.length > 0 || decision.events.length > 0;
    const committed = worthIt && (await store.commit(commitOf(occasion, news, decision)));
    this.storeError = null;
    if (committed) this.tell(run, decision);
    for (const { hub, assessment } of assessed) {
      observer.verdicts(assessment.verdicts);
      this.confirmations.arrange(hub.name, assessment.confirmation);
    }
  }

  /** A mistake of ours in judging must not cost the facts: null then. */
  private async assessed(watched: WatchedHub, { recorded, run, now }: Moment): Promise<Assessment | null> {
    const { store, criteria } = this.parts;
    const situation = await readSituation(store, watched, run, { criteria, now, ...recorded });
    return this.unlessMistaken(`judged of ${watched.hub.name}`, () => assess(situation));
  }

  /** Neither must one in deciding cost the facts and the verdicts. @throws what the store throws */
  private async decided(verdicts: readonly Verdict[], moment: Moment): Promise<Decision> {
    const { hubs, criteria, maintenance, newId } = this.parts;
    const { recorded, run, now } = moment;
    const fleet = {
      hubs,
      verdictsBefore: recorded.verdicts,
      verdicts: updated(recorded.verdicts, verdicts),
      live: recorded.live,
      past: recorded.past,
      criteria,
      maintenance,
      reachable: null,
      now,
      newId,
    };
    const decided = this.unlessMistaken('decided', () => decideFleet(fleet));
    return decided === null ? NOTHING : this.withTellings(decided, run, now);
  }

  private async withTellings(decided: FleetDecision, run: Run | null, now: Date): Promise<Decision> {
    const { store, hubs, criteria, publicUrl, labels, channels, newId } = this.parts;
    const materials = await readMaterials(store, decided.changes, run);
    const telling = { hubs, criteria, publicUrl, labels, channels, now, newId };
    return this.unlessMistaken('told', () => decisionOf(decided, materials, telling)) ?? NOTHING;
  }

  private unlessMistaken<T>(what: string, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.parts.log('error', `bug: nothing could be ${what}; what was seen is recorded all the same`, {
        error,
      });
      return null;
    }
  }

  private async recordAlone(run: Run | null): Promise<void> {
    if (run === null) return;
    if (await this.parts.store.commit(factsOnly(run))) this.parts.observer.runFinished(run);
  }

  private tell(run: Run | null, decision: Decision): void {
    const { observer, log, wakeOutbox } = this.parts;
    if (run !== null) observer.runFinished(run);
    for (const reason of decision.reasons) log('info', reason, run === null ? {} : { run: run.id });
    for (const incident of decision.incidents) {
      if (incident.revision === 1) observer.declared(incident);
    }
    if (decision.effects.length > 0) wakeOutbox();
  }

  private failed(error: unknown, fields: Readonly<Record<string, unknown>>): void {
    this.storeError = error instanceof Error ? error.message : String(error);
    this.parts.observer.storeError();
    this.parts.log('error', `nothing could be recorded: ${this.storeError}`, { ...fields, error });
  }
}

export function createMonitor(parts: MonitorParts): Monitor {
  return new Monitor(parts);
}
