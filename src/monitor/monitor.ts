import { type Alarm, alarmOfSuspicion, alarmsOf, noDecision } from '../core/alarm.ts';
import { type Assessment, assess, changedVerdicts } from '../core/assess.ts';
import type { Decision } from '../core/decision.ts';
import { told } from '../core/fleet-log.ts';
import type { Hub } from '../core/hub.ts';
import type { Incident } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import { type IssueSighting, actsAmong } from '../core/sighting.ts';
import type { RunRequest } from '../queue/queue.ts';
import { Conflict, type Store, mayPass } from '../store/store.ts';
import { type ConfirmationLimits, type Confirmations, createConfirmations } from './confirmations.ts';
import { type Alarms, createAlarms } from './alarms.ts';
import { commitOf, factsOnly } from './commit-of.ts';
import { type Decided, type Decider, type DeciderParts, type Moment, createDecider } from './decider.ts';
import { rhythmOf } from './interval.ts';
import { type WatchedHub, readRecorded, readSituation } from './known.ts';
import type { Observer } from './observer.ts';
import { abortUnfinished } from './reconcile.ts';
import { type Serial, createSerial } from './serial.ts';
import { untilDone } from './until-done.ts';
import { messageOf } from '../core/text.ts';

/** Verdicts go stale, quiet times pass and maintenance ends without any run. */
const EVALUATE_EVERY_MS = 60_000;
const CONFLICT_TRIES = 5;
const RETRY_AT_MOST_MS = 60_000;

export interface MonitorParts extends DeciderParts {
  readonly store: Store;
  readonly now: () => Date;
  readonly observer: Observer;
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
  /** What keeps us from doing our work. */
  readonly alarms: readonly Alarm[];
}

/** The pipeline: read → judge → decide → commit → tell. What is told to the outside goes through the outbox. */
export class Monitor {
  private readonly parts: MonitorParts;
  private readonly hubs: ReadonlyMap<string, WatchedHub>;
  private readonly decider: Decider;
  private readonly confirmations: Confirmations;
  private readonly alarms: Alarms;
  private readonly serial: Serial = createSerial();
  private readonly uncommitted = new Set<string>();
  private watchedSince: string;
  private storeError: string | null = null;
  private clock: NodeJS.Timeout | null = null;
  /** For what waits: others of a group, a canary's answer. */
  private alarmClock: NodeJS.Timeout | null = null;
  private isEvaluating = false;

  constructor(parts: MonitorParts) {
    this.parts = parts;
    this.hubs = new Map(parts.hubs.map((hub) => [hub.name, { hub, ...rhythmOf(hub) }]));
    const clusterOf = (name: string) => this.hubs.get(name)?.hub.cluster ?? null;
    this.confirmations = createConfirmations({ ...parts, clusterOf, limits: parts.confirmationLimits });
    this.decider = createDecider(parts);
    this.alarms = createAlarms(parts.log);
    this.watchedSince = parts.now().toISOString();
  }

  /**
   * Ends what the last process left unfinished, then looks at every hub, now and once a minute. To be awaited before
   * the first run begins. @throws what the store throws
   */
  async start(): Promise<void> {
    const serverOf = (name: string) => this.hubs.get(name)?.hub.server.name ?? '';
    await abortUnfinished(this.parts.store, this.parts.now(), serverOf);
    await this.evaluate();
    this.clock = setInterval(() => this.evaluateAll(), EVALUATE_EVERY_MS).unref();
  }

  stop(): void {
    if (this.clock !== null) clearInterval(this.clock);
    if (this.alarmClock !== null) clearTimeout(this.alarmClock);
    this.confirmations.clear();
  }

  status(): MonitorStatus {
    return {
      uncommittedRuns: this.uncommitted.size,
      storeError: this.storeError,
      alarms: this.alarms.all(),
    };
  }

  /**
   * Resolves when the run is recorded with what follows from it, however long the store takes to accept it. Once
   * `signal` is given it tries a few times more and gives up. Never rejects.
   */
  async runEnded(run: Run, signal: AbortSignal): Promise<void> {
    this.uncommitted.add(run.id);
    const recorded = await this.inTurn(() =>
      untilDone(() => this.settleOrRecord(run), {
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
      const recorded = await readRecorded(this.parts.store);
      const upToDate = sightings.filter(({ incident: { id, revision } }) =>
        recorded.live.some((now) => now.id === id && now.revision === revision),
      );
      const changes = actsAmong(recorded.live, upToDate);
      if (changes.length === 0) return;
      const reasons = changes.flatMap(({ incident, added }) => added.map((event) => told(incident, event)));
      const moment = { recorded, run: null, now: this.parts.now() };
      const decision = await this.decider.express({ changes, reasons }, moment);
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
      .catch((error: unknown) => (mayPass(error) ? this.failed(error, {}) : this.undecided(error, {})))
      .finally(() => (this.isEvaluating = false));
  }

  /** What went wrong with a decision and won't pass by waiting must cost neither the run nor all those that wait behind it. */
  private async settleOrRecord(run: Run): Promise<void> {
    try {
      await this.settleRun(run);
    } catch (error) {
      if (mayPass(error)) throw error;
      await this.recordAlone(run);
      this.undecided(error, { run: run.id, hub: run.hub });
    }
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
    // The clock was set back: we have not looked for longer than it says.
    if (moment.now.toISOString() < this.watchedSince) this.watchedSince = moment.now.toISOString();
    const assessed: Assessed[] = [];
    for (const each of watched) assessed.push(...(await this.assessed(each, moment)));
    const [one] = assessed;
    if (one === undefined) return this.recordAlone(run);
    const verdicts = assessed.flatMap(({ assessment }) => assessment.verdicts);
    const decided = await this.decider.decide(verdicts, moment);
    // A run leaves its mark even on verdicts that it merely confirms.
    const news = run === null ? changedVerdicts(verdicts, moment.recorded.verdicts) : verdicts;
    const occasion = run === null ? null : { hub: one.hub, run };
    const worthIt = run !== null || news.length > 0 || decided.decision.events.length > 0;
    const committed = worthIt && (await store.commit(commitOf(occasion, news, decided.decision)));
    this.storeError = null;
    if (committed) this.tell(run, decided.decision);
    for (const { hub, assessment, alarms } of assessed) {
      observer.verdicts(assessment.verdicts);
      this.confirmations.arrange(hub.name, assessment.confirmation);
      this.alarms.set(hub.name, alarms);
    }
    this.heed(decided, moment);
  }

  /** A mistake of ours in judging, or one damaged record, must cost neither the facts nor the other hubs: nothing then. */
  private async assessed(watched: WatchedHub, { recorded, run, now }: Moment): Promise<readonly Assessed[]> {
    const { store, criteria, maintenance, log } = this.parts;
    const { hub } = watched;
    try {
      const situation = await readSituation(store, watched, run, {
        criteria,
        maintenance,
        now,
        ...recorded,
      });
      return [{ hub, assessment: assess(situation), alarms: alarmsOf(situation, this.watchedSince) }];
    } catch (error) {
      if (mayPass(error)) throw error;
      const alarm = noDecision(hub.name, error);
      log('error', alarm.because, { error });
      this.alarms.set(hub.name, [alarm]);
      return [];
    }
  }

  /** What was decided beyond what is recorded: when to look again, whom to ask, whether to suspect ourselves. */
  private heed({ suspicions, lookAgainAt }: Decided, { now }: Moment): void {
    this.alarms.set(null, suspicions.flatMap(alarmOfSuspicion));
    for (const { ask, because } of suspicions) {
      for (const hub of ask) {
        this.parts.requestRun({ hub, trigger: 'confirm', attempt: 1, probes: null, because });
      }
    }
    if (this.alarmClock !== null) clearTimeout(this.alarmClock);
    if (lookAgainAt === null) return;
    this.alarmClock = setTimeout(
      () => this.evaluateAll(),
      Math.max(0, Date.parse(lookAgainAt) - now.getTime()),
    ).unref();
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
      // One that takes in others at once is further than that already.
      const isNew = decision.events.some(
        ({ kind, incident: id }) => kind === 'declared' && id === incident.id,
      );
      if (isNew) observer.declared(incident);
    }
    if (decision.effects.length > 0) wakeOutbox();
  }

  /** Stands until a decision goes through again. */
  private undecided(error: unknown, fields: Readonly<Record<string, unknown>>): void {
    const alarm = noDecision(null, error);
    this.parts.log('error', alarm.because, { ...fields, error });
    this.alarms.set(null, [alarm]);
  }

  private failed(error: unknown, fields: Readonly<Record<string, unknown>>): void {
    this.storeError = messageOf(error);
    this.parts.observer.storeError();
    this.parts.log('error', `nothing could be recorded: ${this.storeError}`, { ...fields, error });
  }
}

interface Assessed {
  readonly hub: Hub;
  readonly assessment: Assessment;
  readonly alarms: readonly Alarm[];
}

export function createMonitor(parts: MonitorParts): Monitor {
  return new Monitor(parts);
}
