import { type Assessment, type DecideContext, assess, isNews } from '../core/assess.ts';
import type { Criteria } from '../core/criteria.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { RunRequest } from '../queue/queue.ts';
import { Conflict, type Store } from '../store/store.ts';
import { type Confirmations, createConfirmations } from './confirmations.ts';
import { commitOf, factsOnly } from './commit-of.ts';
import { intervalMs } from './interval.ts';
import { type Known, type WatchedHub, readKnown } from './known.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';
import { abortUnfinished } from './reconcile.ts';
import { type Serial, createSerial } from './serial.ts';
import { untilDone } from './until-done.ts';

/** Verdicts go stale, quiet times pass and maintenance ends without any run. */
const EVALUATE_EVERY_MS = 60_000;
const CONFLICT_TRIES = 5;
const RETRY_AT_MOST_MS = 60_000;

export interface MonitorParts extends Pick<DecideContext, 'maintenance' | 'publicUrl' | 'labels' | 'newId'> {
  readonly store: Store;
  readonly hubs: readonly Hub[];
  readonly criteria: Criteria;
  readonly now: () => Date;
  readonly observer: Observer;
  readonly log: Log;
  /** Says that there is something to deliver. */
  readonly wakeOutbox: () => void;
  /** Asks for a confirming run; refusing it is fine while another run of the hub is in flight. */
  readonly requestRun: (request: RunRequest) => void;
  /** How long to wait after the n-th failure of the store in a row. */
  readonly retryAfterMs?: (failures: number) => number;
}

export interface MonitorStatus {
  /** Runs that ended and are kept in memory until the store takes them. */
  readonly uncommittedRuns: number;
  /** What the store failed with last; null as soon as it works again. */
  readonly storeError: string | null;
}

/** The pipeline: read → judge → decide → commit → tell. What is told to the outside goes through the outbox. */
export class Monitor {
  private readonly parts: MonitorParts;
  private readonly hubs: ReadonlyMap<string, WatchedHub>;
  private readonly confirmations: Confirmations;
  private readonly serial: Serial = createSerial();
  private readonly uncommitted = new Set<string>();
  private storeError: string | null = null;
  private clock: NodeJS.Timeout | null = null;

  constructor(parts: MonitorParts) {
    this.parts = parts;
    this.hubs = new Map(
      parts.hubs.map((hub) => [hub.name, { hub, intervalMs: intervalMs(hub.schedule) + hub.jitterMs }]),
    );
    this.confirmations = createConfirmations(parts);
  }

  /**
   * Ends what the last process left unfinished, then looks at every hub, now and once a minute. To be awaited before
   * the first run begins. @throws what the store throws
   */
  async start(): Promise<void> {
    await abortUnfinished(this.parts.store, this.parts.now());
    for (const name of this.hubs.keys()) await this.evaluate(name);
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
    const recorded = await this.serial.inTurn(run.hub, () =>
      untilDone(() => this.settle(run.hub, run), {
        signal,
        waitMs: this.parts.retryAfterMs ?? ((failures) => Math.min(RETRY_AT_MOST_MS, 500 * 2 ** failures)),
        onError: (error) => this.failed(error, { run: run.id, hub: run.hub }),
      }),
    );
    this.uncommitted.delete(run.id);
    if (!recorded) this.parts.log('error', 'the service stops before a run could be recorded', { run });
  }

  /** Looks at a hub without a new run. @throws what the store throws */
  evaluate(hub: string): Promise<void> {
    return this.serial.inTurn(hub, () => this.settle(hub, null));
  }

  private evaluateAll(): void {
    for (const name of this.hubs.keys()) {
      // A hub that is busy is being looked at anyway.
      if (this.serial.isBusy(name)) continue;
      this.evaluate(name).catch((error: unknown) => this.failed(error, { hub: name }));
    }
  }

  /** One transaction; when somebody else changed an incident in between, all is read and decided again. */
  private async settle(name: string, run: Run | null): Promise<void> {
    const watched = this.hubs.get(name);
    if (watched === undefined) return this.recordAlone(run);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.settleOnce(watched, run);
      } catch (error) {
        if (!(error instanceof Conflict) || tries === CONFLICT_TRIES) throw error;
      }
    }
  }

  private async settleOnce(watched: WatchedHub, run: Run | null): Promise<void> {
    const { store, criteria, now } = this.parts;
    const known = await readKnown(store, watched, run, { criteria, now: now() });
    const assessment = this.assessed(watched.hub, run, known);
    if (assessment === null) return this.recordAlone(run);
    const worthIt = run !== null || isNews(assessment, known.situation);
    const committed = worthIt && (await store.commit(commitOf(watched.hub, run, assessment)));
    this.storeError = null;
    if (committed) this.tell(run, assessment);
    this.parts.observer.verdicts(assessment.verdicts);
    this.confirmations.arrange(watched.hub.name, assessment.confirmation);
  }

  /** A mistake of ours in judging or deciding must not cost the facts: null then. */
  private assessed(hub: Hub, run: Run | null, { situation, openIncidents }: Known): Assessment | null {
    const { maintenance, publicUrl, labels, newId, log } = this.parts;
    try {
      return assess(situation, { hub, run, openIncidents, maintenance, publicUrl, labels, newId });
    } catch (error) {
      log('error', `bug: nothing could be decided for ${hub.name}; the run is recorded all the same`, {
        error,
      });
      return null;
    }
  }

  private async recordAlone(run: Run | null): Promise<void> {
    if (run === null) return;
    if (await this.parts.store.commit(factsOnly(run))) this.parts.observer.runFinished(run);
  }

  private tell(run: Run | null, { decision }: Assessment): void {
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
